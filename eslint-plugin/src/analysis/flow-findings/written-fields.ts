import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import type { Effect, Model, Patch } from '../../vocabulary/effect.js';
import { getEffect, getVocabularies } from '../../vocabulary/effects.js';
import { getOptions, getPropertyValue } from '../../vocabulary/object-options.js';

/** What the program changes after it was inserted, as far as its source names it. */
interface WrittenFields {
  readonly byModel: ReadonlyMap<string, ReadonlySet<string>>;
  /** Properties that something is assigned to: an entity may be saved with them. */
  readonly assigned: ReadonlySet<string>;
}

const programs = new WeakMap<ProgramContext, WrittenFields>();

/**
 * Whether some write of the program names a field: one that none does is as it was when the row was inserted, such as an
 * owner or a token.
 */
export function isEverChanged(context: ProgramContext, model: Model, field: string): boolean {
  if (model === null) return true;
  let known = programs.get(context);
  if (!known) programs.set(context, (known = collect(context)));
  const isEntity = /^(?:typeorm|sequelize|mikro-orm|mongoose):/.test(model);
  return known.byModel.get(model)?.has(field) === true || (isEntity && known.assigned.has(field));
}

function collect(context: ProgramContext): WrittenFields {
  const { ts, program } = context;
  const byModel = new Map<string, Set<string>>();
  const assigned = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return;
    if (ts.isCallExpression(node) || ts.isTaggedTemplateExpression(node)) {
      addEffect(context, getEffect(context, node), byModel);
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
  for (const file of program.getSourceFiles()) {
    if (!file.isDeclarationFile && getVocabularies(context, file).length > 0) visit(file);
  }
  return { byModel, assigned };
}

function addEffect(
  context: ProgramContext,
  effect: Effect | null,
  byModel: Map<string, Set<string>>,
): void {
  if (effect?.kind === 'sequence') {
    for (const one of effect.effects) addEffect(context, one, byModel);
  }
  if (effect?.kind !== 'write' || !effect.model || !effect.patch) return;
  const fields = byModel.get(effect.model) ?? new Set<string>();
  for (const field of fieldsOf(context, effect.patch)) fields.add(field);
  byModel.set(effect.model, fields);
}

function fieldsOf(context: ProgramContext, patch: Patch): readonly string[] {
  if (patch.kind === 'fields') return patch.fields.map(({ field }) => field);
  const { ts } = context;
  const found: string[] = [];
  const add = (node: ts.Expression, depth: number): void => {
    const options = depth > 0 ? getOptions(context, node) : null;
    for (const property of options?.properties ?? []) {
      if (ts.isSpreadAssignment(property)) addSpread(property.expression, depth - 1);
      else if (getPropertyValue(context, property)) found.push(property.name?.getText() ?? '');
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
  return found;
}
