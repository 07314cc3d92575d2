import type ts from 'typescript';
import type { FunctionWithBody } from '../program/callee.js';
import { getCalledName } from '../program/called-name.js';
import { getImportOrigin } from '../program/value-origin.js';
import { remembering } from '../program/memo.js';
import type { ProgramContext } from '../program/program-context.js';
import { unwrapExpression } from '../program/unwrap-expression.js';
import type { Effect, EffectNode, Model } from './effect.js';
import { vocabularies } from './vocabularies.js';
import type { EntityFact, RelatedRows, Resolver, Vocabulary } from './vocabulary.js';

/** The vocabularies that apply to a file; none for one that has nothing to do with any library. */
export const getVocabularies: (
  context: ProgramContext,
  file: ts.SourceFile,
) => readonly Vocabulary[] = remembering(
  (context, file) => vocabularies.filter((vocabulary) => vocabulary.appliesTo(context, file)),
  [],
);

/** The names of all calls that some vocabulary may know. */
export const EFFECT_NAMES: ReadonlySet<string> = new Set(
  vocabularies.flatMap(({ methods }) => [...methods]),
);

/** What a call does, for the first vocabulary that knows it; `null` for any other call. */
export const getEffect: (context: ProgramContext, node: EffectNode) => Effect | null = remembering(
  findEffect,
  null,
);

function findEffect(context: ProgramContext, node: EffectNode): Effect | null {
  const name = getName(context, node);
  if (name === null || !EFFECT_NAMES.has(name)) return null;
  for (const vocabulary of getVocabularies(context, node.getSourceFile())) {
    if (!vocabulary.methods.has(name)) continue;
    const effect = vocabulary.recognise(getResolver(context), node);
    if (effect) return effect;
  }
  return null;
}

function getName(context: ProgramContext, node: EffectNode): string | null {
  const { ts } = context;
  if (ts.isCallExpression(node)) return getCalledName(context, node)?.name ?? null;
  const tag = unwrapExpression(context, node.tag);
  if (ts.isPropertyAccessExpression(tag)) return tag.name.text;
  return ts.isIdentifier(tag) ? tag.text : null;
}

/** Whether the error of a taken key is handled around a node: somebody catches it, and looks at which error it is. */
export function isConflictHandled(context: ProgramContext, node: ts.Node): boolean {
  const { ts } = context;
  const names = getVocabularies(context, node.getSourceFile()).map((one) => one.conflictErrors);
  const isNamed = (part: ts.Node): boolean => {
    const isName = ts.isIdentifier(part) || ts.isStringLiteralLike(part);
    if (isName && names.some((errors) => errors.has(part.text))) return true;
    return ts.forEachChild(part, (child) => isNamed(child) || undefined) ?? false;
  };
  for (
    let inner = node;
    !ts.isSourceFile(inner) && !ts.isFunctionLike(inner);
    inner = inner.parent
  ) {
    const { parent } = inner;
    if (ts.isTryStatement(parent) && parent.tryBlock === inner && parent.catchClause) {
      if (isNamed(parent.catchClause) || isLookedAt(context, parent.catchClause)) return true;
    }
  }
  return false;
}

/** Whether what happens in a `catch` depends on the error that is caught, or the caller gets it as a result. */
function isLookedAt(
  { ts }: ProgramContext,
  { variableDeclaration, block }: ts.CatchClause,
): boolean {
  const name = variableDeclaration?.name;
  if (!name || !ts.isIdentifier(name)) return false;
  const mentions = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && node.text === name.text) ||
    (ts.forEachChild(node, (child) => mentions(child) || undefined) ?? false);
  const isResult = (value: ts.Expression | undefined): boolean =>
    value !== undefined && ts.isObjectLiteralExpression(value) && mentions(value);
  const visit = (node: ts.Node): boolean =>
    (ts.isIfStatement(node) && mentions(node.expression)) ||
    (ts.isSwitchStatement(node) && mentions(node.expression)) ||
    (ts.isReturnStatement(node) && isResult(node.expression)) ||
    (ts.forEachChild(node, (child) => visit(child) || undefined) ?? false);
  return visit(block);
}

/** What the type of a node says of an entity, for the first vocabulary that reads it there. */
export function getEntityFact(context: ProgramContext, node: ts.Node): EntityFact | null {
  for (const vocabulary of getVocabularies(context, node.getSourceFile())) {
    const fact = vocabulary.entityAt?.(getResolver(context), node);
    if (fact) return fact;
  }
  return null;
}

/** The rows of another model that a field stands for; `null` when it is data of its own. */
export function getRelatedRows(
  context: ProgramContext,
  model: Model,
  field: string,
): RelatedRows | null {
  if (model === null) return null;
  return vocabularyOf(model)?.relationOf?.(context, model, field) ?? null;
}

/** Whether a field of a model says how many rows of each of its relations there are. */
export function isCounts(model: Model, field: string): boolean {
  return vocabularyOf(model)?.isCounts?.(field) ?? false;
}

/** The methods of the class of an entity that go by a name, where no type says which class that is. */
export function getEntityMethods(
  context: ProgramContext,
  model: Model,
  name: string,
): readonly FunctionWithBody[] {
  if (model === null) return [];
  return vocabularyOf(model)?.methodsOf?.(context, model, name) ?? [];
}

function vocabularyOf(model: Model): Vocabulary | undefined {
  return vocabularies.find(({ name }) => model?.startsWith(`${name}:`));
}

/** Whether a function demands a locked entity: it knows by itself that it runs under a lock, in a transaction. */
export function takesLockedEntity(context: ProgramContext, node: ts.Node): boolean {
  if (!context.ts.isFunctionLike(node)) return false;
  return node.parameters.some((parameter) => getEntityFact(context, parameter)?.state === 'locked');
}

const resolvers = new WeakMap<ProgramContext, Resolver>();

function getResolver(context: ProgramContext): Resolver {
  let known = resolvers.get(context);
  if (!known) {
    known = { context, originOf: (node) => getImportOrigin(context, node) };
    resolvers.set(context, known);
  }
  return known;
}
