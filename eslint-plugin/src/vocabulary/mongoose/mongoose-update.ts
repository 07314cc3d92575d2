import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import type { FieldPatch, Patch } from '../effect.js';
import { getOptions, getPropertyValue } from '../object-options.js';

/** What `{ $set: { … }, $inc: { … } }` writes: what no operator sets is set as it is. */
export function getUpdate(context: ProgramContext, node: ts.Expression | undefined): Patch | null {
  const options = getOptions(context, node);
  if (!options) return node ? { kind: 'object', node, atomic: [] } : null;
  const fields: FieldPatch[] = [];
  for (const property of options.properties) {
    const part = getPropertyValue(context, property);
    if (!part) continue;
    const { name, value } = part;
    if (!name.startsWith('$')) {
      fields.push({ field: name, value });
      continue;
    }
    const isSet = name === '$set' || name === '$setOnInsert';
    for (const inner of getOptions(context, value)?.properties ?? []) {
      const field = getPropertyValue(context, inner);
      if (field) fields.push({ field: field.name, value: isSet ? field.value : null });
    }
  }
  return { kind: 'fields', fields };
}
