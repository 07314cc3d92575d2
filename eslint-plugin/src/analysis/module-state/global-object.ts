import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { Scope } from '@typescript-eslint/utils/ts-eslint';
import type { StateWrite } from './state-write.js';
import type { StateWrites } from './state-writes.js';
import { unwrapNode } from '../../syntax/unwrap-node.js';
import { OPAQUE, type ValueKind } from './kind.js';

/** A property of the global object, and what writes it after initialisation. */
export interface GlobalProperty {
  readonly node: TSESTree.Node;
  readonly name: string;
  readonly writes: readonly StateWrite[];
}

const GLOBAL_OBJECTS = new Set(['globalThis', 'global']);

/** Whatever an application hangs on the global object may be a container. */
const GLOBAL_KIND: ValueKind = {
  kind: 'data',
  element: { kind: 'container' },
  fields: new Map(
    [
      'caches',
      'console',
      'crypto',
      'document',
      'history',
      'localStorage',
      'location',
      'navigator',
      'performance',
      'process',
      'sessionStorage',
      'window',
    ].map((name) => [name, OPAQUE]),
  ),
};

/** Whether an expression is the global object itself, such as `globalThis as unknown as Holder`. */
export function isGlobalObject(expression: TSESTree.Expression): boolean {
  const node = unwrapNode(expression);
  if (node.type === AST_NODE_TYPES.ConditionalExpression) return isGlobalObject(node.consequent);
  return node.type === AST_NODE_TYPES.Identifier && GLOBAL_OBJECTS.has(node.name);
}

/** The properties of `globalThis` (or Node's `global`) that a file writes at run time. */
export function getGlobalObjectWrites(
  globalScope: Scope.Scope,
  stateWrites: StateWrites,
): GlobalProperty[] {
  const properties = new Map<string, StateWrite[]>();
  for (const reference of getGlobalReferences(globalScope)) {
    for (const write of stateWrites.ofExpression(reference.identifier, GLOBAL_KIND)) {
      const [property, ...path] = write.path;
      const name = property ?? '[…]';
      const writes = properties.get(name);
      if (writes) writes.push({ ...write, path });
      else properties.set(name, [{ ...write, path }]);
    }
  }
  return [...properties].flatMap(([name, writes]) =>
    writes[0] ? [{ node: writes[0].node, name: `globalThis.${name}`, writes }] : [],
  );
}

function getGlobalReferences(globalScope: Scope.Scope): readonly Scope.Reference[] {
  const declared = [...GLOBAL_OBJECTS].flatMap(
    (name) => globalScope.set.get(name)?.references ?? [],
  );
  const undeclared = globalScope.through.filter(
    ({ identifier }) =>
      identifier.type === AST_NODE_TYPES.Identifier && GLOBAL_OBJECTS.has(identifier.name),
  );
  return [...declared, ...undeclared];
}
