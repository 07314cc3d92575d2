import type ts from 'typescript';
import { getProgramContext } from '../../program/program-context.js';
import type { Model } from '../../vocabulary/effect.js';
import { getVocabularies } from '../../vocabulary/effects.js';
import { isForeign } from '../../vocabulary/model-name.js';
import { getFlowFacts } from '../flow/file-facts.js';
import type { Read } from '../flow/value.js';
import { isEverChanged } from './written-fields.js';

/** By model: the fields that any write of the program changes, or `all` when some patch is not known. */
type WrittenFields = ReadonlyMap<string, ReadonlySet<string> | 'all'>;

const programs = new WeakMap<ts.Program, WrittenFields>();

/**
 * Whether a check of somebody's right, or of a date, is of a field that no write of the program changes: what it says
 * is as true later. A field that says how things stand changes, if not here, then elsewhere.
 */
export function isFixed(program: ts.Program, { model, field, asked }: Read): boolean {
  return (asked === 'match' || asked === 'time') && isNeverChanged(program, model, field);
}

/** Whether the program changes rows of a model, but not this field of them. */
export function isNeverChanged(program: ts.Program, model: Model, field: string): boolean {
  if (model === null) return false;
  if (isForeign(model)) return !isEverChanged(getProgramContext(program), model, field);
  const written = getWrittenFields(program).get(model);
  return written !== undefined && written !== 'all' && !written.has(field);
}

function getWrittenFields(program: ts.Program): WrittenFields {
  let known = programs.get(program);
  if (!known) programs.set(program, (known = findWrittenFields(program)));
  return known;
}

function findWrittenFields(program: ts.Program): WrittenFields {
  const context = getProgramContext(program);
  const result = new Map<string, Set<string> | 'all'>();
  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile || getVocabularies(context, file).length === 0) continue;
    for (const { operation, target, patch } of getFlowFacts(program, file).writes) {
      const model = target?.model ?? null;
      if (model === null || operation === 'insert' || operation === 'delete') continue;
      const fields = result.get(model) ?? new Set<string>();
      if (fields === 'all') continue;
      for (const field of patch?.properties?.keys() ?? []) fields.add(field);
      result.set(model, patch?.properties ? fields : 'all');
    }
  }
  return result;
}
