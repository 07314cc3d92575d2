import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { getCalleeName, getKeyName } from '../../syntax/member-access.js';
import { unwrapNode } from '../../syntax/unwrap-node.js';
import { getDefinition } from './definitions.js';

/**
 * Packages whose functions count or remember in the memory of the process, unless one of these options says where else. Each
 * says so in its documentation.
 */
const STORE_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  'express-rate-limit': ['store'],
  'express-session': ['store'],
  'express-slow-down': ['store'],
  'hono-rate-limiter': ['store'],
  'koa-generic-session': ['store'],
  '@fastify/rate-limit': ['redis', 'store'],
  '@fastify/session': ['store'],
};

/** A call that keeps its data in the memory of the process because nothing names a store. */
export interface MemoryStore {
  readonly name: string;
  readonly option: string;
}

/** The store in memory that a call makes by default; `null` when it is given one, or is none of those. */
export function getMemoryStore(
  sourceCode: Readonly<SourceCode>,
  call: TSESTree.CallExpression,
): MemoryStore | null {
  const [first, second] = call.arguments;
  const own = getStoreOptions(sourceCode, call.callee);
  if (own) return toMemoryStore(getCalleeName(call.callee), own, first);
  // `app.register(rateLimit, { … })`
  if (getCalleeName(call.callee) !== 'register') return null;
  if (first?.type !== AST_NODE_TYPES.Identifier) return null;
  const registered = getStoreOptions(sourceCode, first);
  return registered && toMemoryStore(first.name, registered, second);
}

function toMemoryStore(
  name: string | null,
  options: readonly string[],
  given: TSESTree.CallExpressionArgument | undefined,
): MemoryStore | null {
  const [option] = options;
  return name !== null && option !== undefined && isWithout(given, options)
    ? { name, option }
    : null;
}

function getStoreOptions(
  sourceCode: Readonly<SourceCode>,
  callee: TSESTree.Node,
): readonly string[] | null {
  const name = callee.type === AST_NODE_TYPES.MemberExpression ? callee.object : callee;
  if (name.type !== AST_NODE_TYPES.Identifier) return null;
  const definition = getDefinition(sourceCode, name);
  const module = definition ? getModule(definition.node) : null;
  return module !== null && Object.hasOwn(STORE_OPTIONS, module)
    ? (STORE_OPTIONS[module] ?? null)
    : null;
}

/** The module that a name is imported or required from. */
function getModule(node: TSESTree.Node): string | null {
  if (node.parent?.type === AST_NODE_TYPES.ImportDeclaration) return node.parent.source.value;
  if (node.type !== AST_NODE_TYPES.VariableDeclarator || !node.init) return null;
  const init = unwrapNode(node.init);
  const call = init.type === AST_NODE_TYPES.MemberExpression ? init.object : init;
  if (call.type !== AST_NODE_TYPES.CallExpression || getCalleeName(call.callee) !== 'require') {
    return null;
  }
  const [module] = call.arguments;
  return module?.type === AST_NODE_TYPES.Literal && typeof module.value === 'string'
    ? module.value
    : null;
}

/** Whether options are written there and do not name a store; what is not written there may. */
function isWithout(
  options: TSESTree.CallExpressionArgument | undefined,
  names: readonly string[],
): boolean {
  if (options === undefined) return true;
  if (options.type !== AST_NODE_TYPES.ObjectExpression) return false;
  return options.properties.every(
    (property) =>
      property.type === AST_NODE_TYPES.Property && !names.includes(getKeyName(property) ?? ''),
  );
}
