import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { Scope, SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { isFunction, type FunctionNode } from './initialisation.js';
import { isData } from './instance-state.js';
import { isLazyResource } from './lazy-resource.js';
import type { StateWrite } from './state-write.js';
import type { StateWrites } from './state-writes.js';
import { unwrapNode } from '../../syntax/unwrap-node.js';
import { getBindingKind, getInitialValue } from './binding-kind.js';
import { getWrittenLock } from './written-lock.js';
import { mayBeWritten } from './written-names.js';

/** A local binding of a factory that outlives its call inside of what the factory returns. */
export interface ClosureBinding {
  readonly name: string;
  readonly write: StateWrite;
}

/** A lock among the local bindings of a factory, which outlives its call in what the factory returns. */
export interface ClosureLock {
  readonly name: string;
  readonly constructedBy: string;
}

/** The first lock that the functions returned by `factory` share; `null` when they share none. */
export function getClosureLock(
  factory: FunctionNode,
  sourceCode: Readonly<SourceCode>,
  stateWrites: StateWrites,
): ClosureLock | null {
  for (const [variable] of getSharedBindings(factory, sourceCode)) {
    const kind = getBindingKind(variable);
    const writes = mayBeWritten(variable) ? stateWrites.ofVariable(variable, kind, factory) : [];
    const lock = getWrittenLock(sourceCode, variable.name, kind, writes);
    if (lock !== null) return { name: variable.name, constructedBy: lock };
  }
  return null;
}

/** The first binding that the functions returned by `factory` write to; `null` when they keep no data. */
export function getClosureBinding(
  factory: FunctionNode,
  sourceCode: Readonly<SourceCode>,
  stateWrites: StateWrites,
): ClosureBinding | null {
  for (const [variable, declarator] of getSharedBindings(factory, sourceCode)) {
    if (!mayBeWritten(variable)) continue;
    const kind = getBindingKind(variable);
    if (!isData(kind) || (kind.element && !isData(kind.element))) continue;
    const writes = stateWrites.ofVariable(variable, kind, factory);
    const first = writes[0];
    if (first && !isLazyResource(variable.name, kind, getInitialValue(declarator), writes))
      return { name: variable.name, write: first };
  }
  return null;
}

/** What the constants of a factory are made by, that what it returns can still reach. */
export function getClosureMakers(
  factory: FunctionNode,
  sourceCode: Readonly<SourceCode>,
): readonly (readonly [string, TSESTree.NewExpression])[] {
  return [...getSharedBindings(factory, sourceCode)].flatMap(([{ name }, { init }]) => {
    const made = init && unwrapNode(init);
    return made?.type === AST_NODE_TYPES.NewExpression ? [[name, made] as const] : [];
  });
}

/** The bindings of a factory that what it returns can still reach. */
function getSharedBindings(
  factory: FunctionNode,
  sourceCode: Readonly<SourceCode>,
): Iterable<readonly [Scope.Variable, TSESTree.VariableDeclarator]> {
  if (factory.async || factory.generator || !returnsClosure(factory)) return [];
  const scope = sourceCode.scopeManager?.acquire(factory, true);
  return scope ? getOwnBindings(scope) : [];
}

function* getOwnBindings(
  scope: Scope.Scope,
): Generator<readonly [Scope.Variable, TSESTree.VariableDeclarator]> {
  for (const variable of scope.variables) {
    const node = variable.defs[0]?.node;
    if (node?.type === AST_NODE_TYPES.VariableDeclarator) yield [variable, node];
  }
  for (const child of scope.childScopes)
    if (child.block.type === AST_NODE_TYPES.BlockStatement) yield* getOwnBindings(child);
}

function returnsClosure(factory: FunctionNode): boolean {
  if (factory.body.type !== AST_NODE_TYPES.BlockStatement) return isClosure(factory.body);
  return factory.body.body.some(
    (statement) =>
      statement.type === AST_NODE_TYPES.ReturnStatement &&
      statement.argument !== null &&
      isClosure(statement.argument),
  );
}

/** A function, an object with functions, or the name of something declared inside. */
function isClosure(expression: TSESTree.Expression): boolean {
  const node = unwrapNode(expression);
  if (isFunction(node) || node.type === AST_NODE_TYPES.ClassExpression) return true;
  if (node.type === AST_NODE_TYPES.Identifier) return node.name !== 'undefined';
  if (node.type === AST_NODE_TYPES.ArrayExpression)
    return node.elements.some((element) => element !== null && isFunction(element));
  if (node.type === AST_NODE_TYPES.CallExpression)
    return (
      node.arguments.some(isFunction) ||
      node.arguments.some(
        (argument) => argument.type === AST_NODE_TYPES.ObjectExpression && isClosure(argument),
      )
    );
  return (
    node.type === AST_NODE_TYPES.ObjectExpression &&
    node.properties.some(
      (property) =>
        property.type === AST_NODE_TYPES.Property &&
        (isFunction(property.value) || property.value.type === AST_NODE_TYPES.Identifier),
    )
  );
}
