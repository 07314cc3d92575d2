import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import type { Effect, Model, Patch } from '../../vocabulary/effect.js';
import { getEffect, getVocabularies } from '../../vocabulary/effects.js';
import { getOptions, getPropertyValue } from '../../vocabulary/object-options.js';

/** What the program changes after it was inserted, as far as its source names it. */
interface WrittenFields {
  readonly byModel: ReadonlyMap<string, ReadonlySet<string>>;
  /** Models that some write changes with what it was handed: which fields those are, is said where it is called. */
  readonly open: ReadonlySet<string>;
  /** What the objects name that are handed to functions. */
  readonly handed: ReadonlySet<string>;
  /** Properties that something is assigned to: an entity may be saved with them. */
  readonly assigned: ReadonlySet<string>;
}

/** Models whose rows are entities, which are changed by an assignment. */
const ENTITIES = /^(?:typeorm|sequelize|mikro-orm|mongoose):/;

const programs = new WeakMap<ProgramContext, WrittenFields>();

/**
 * Whether some write of the program names a field: one that none does is as it was when the row was inserted, such as an
 * owner or a token.
 */
export function isEverChanged(context: ProgramContext, model: Model, field: string): boolean {
  if (model === null) return true;
  let known = programs.get(context);
  if (!known) programs.set(context, (known = collect(context)));
  if (known.byModel.get(model)?.has(field) === true) return true;
  if (known.open.has(model) && known.handed.has(field)) return true;
  return ENTITIES.test(model) && known.assigned.has(field);
}

function collect(context: ProgramContext): WrittenFields {
  const { ts, program } = context;
  const byModel = new Map<string, Set<string>>();
  const open = new Set<string>();
  const handed = new Set<string>();
  const assigned = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return;
    if (ts.isCallExpression(node) || ts.isTaggedTemplateExpression(node)) {
      addEffect(getEffect(context, node));
      for (const argument of ts.isCallExpression(node) ? node.arguments : []) addHanded(argument);
    } else if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
      node.operatorToken.kind <= ts.SyntaxKind.LastAssignment &&
      ts.isPropertyAccessExpression(node.left)
    ) {
      assigned.add(node.left.name.text);
    }
    ts.forEachChild(node, visit);
  };
  const addHanded = (node: ts.Expression): void => {
    if (!ts.isObjectLiteralExpression(node)) return;
    for (const { name } of node.properties) if (name) handed.add(name.getText());
  };
  const addEffect = (effect: Effect | null): void => {
    if (effect?.kind === 'sequence') effect.effects.forEach(addEffect);
    if (effect?.kind !== 'write' || !effect.model || !effect.patch) return;
    const fields = byModel.get(effect.model) ?? new Set<string>();
    const written = fieldsOf(context, effect.patch);
    for (const field of written.fields) fields.add(field);
    if (written.isOpen) open.add(effect.model);
    byModel.set(effect.model, fields);
  };
  for (const file of program.getSourceFiles()) {
    if (!file.isDeclarationFile && getVocabularies(context, file).length > 0) visit(file);
  }
  return { byModel, open, handed, assigned };
}

interface PatchedFields {
  readonly fields: readonly string[];
  /** Some of what is written is not named there. */
  readonly isOpen: boolean;
}

function fieldsOf(context: ProgramContext, patch: Patch): PatchedFields {
  if (patch.kind === 'fields') {
    return { fields: patch.fields.map(({ field }) => field), isOpen: false };
  }
  const { ts } = context;
  const fields: string[] = [];
  let isOpen = false;
  const add = (node: ts.Expression, depth: number): void => {
    const options = depth > 0 ? getOptions(context, node) : null;
    if (!options) isOpen = true;
    for (const property of options?.properties ?? []) {
      if (ts.isSpreadAssignment(property)) addSpread(property.expression, depth - 1);
      else if (getPropertyValue(context, property)) fields.push(property.name?.getText() ?? '');
    }
  };
  // `...(isDone && { status })` and `...(isDone ? { status } : {})`
  const addSpread = (node: ts.Expression, depth: number): void => {
    if (ts.isParenthesizedExpression(node)) addSpread(node.expression, depth);
    else if (ts.isBinaryExpression(node)) addSpread(node.right, depth);
    else if (ts.isConditionalExpression(node)) {
      addSpread(node.whenTrue, depth);
      addSpread(node.whenFalse, depth);
    } else add(node, depth);
  };
  add(patch.node, 3);
  return { fields, isOpen };
}
