import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import { getCalleeName } from '../../syntax/member-access.js';
import { isFunction, type FunctionNode } from './initialisation.js';

/** `LRUCache`, `NodeCache`, `TTLCache`, `MemoryCache`, `LruMap`: constructors named after what they keep. */
const CACHE_CONSTRUCTOR =
  /^(?:LRU\w*|Lru\w*|Quick_?L[Rr][Uu]\w*|Expiry(?:Map|Set)|DataLoader|RateLimiterMemory|\w*Cache)$/;

/** Caches that live outside of the process, or that another argument puts there. */
const SHARED_CACHE =
  /(?:Redis|Memcache|Valkey|Distributed|Remote|Shared|Disk|File|Fs|Http|HTTP|Kv|KV|Database|Db|Dynamo|S3|Cloud|Persistent|Sql|Postgres|Prisma|Mongo|Weak|No(?=[A-Z])|Null|Noop)/;

const MEMOIZER = /^(?:memoi[sz]e\w*|pMemoi[sz]e|moize|memoizee|nanomemoize|microMemoize)$/i;

/** Whether the expression makes an in-process cache, judged by the name of the constructor. */
export function isKnownCache(node: TSESTree.NewExpression): boolean {
  const name = getCalleeName(node.callee);
  return name !== null && CACHE_CONSTRUCTOR.test(name) && !SHARED_CACHE.test(name);
}

/** Whether the call wraps a function so that its results stay in memory. */
export function isMemoization(node: TSESTree.CallExpression): boolean {
  const name = getCalleeName(node.callee);
  return name !== null && node.arguments.length > 0 && MEMOIZER.test(name);
}

/** `singleton('key', () => …)`, `remember('key', () => …)`: helpers that keep what a callback made. */
const KEEPER =
  /^(?:singleton|remember|once|lazy|memo|globalSingleton|getOrCreateGlobal|makeSingleton)$/i;

/** The callback of a helper that keeps what it makes; `null` when the call keeps nothing. */
export function getKeptFactory(node: TSESTree.CallExpression): FunctionNode | null {
  if (!KEEPER.test(getCalleeName(node.callee) ?? '')) return null;
  const factory = node.arguments.at(-1);
  return factory && isFunction(factory) ? factory : null;
}

/** What a function answers with at its end; `null` when it ends otherwise. */
export function getResult({ body }: FunctionNode): TSESTree.Expression | null {
  if (body.type !== AST_NODE_TYPES.BlockStatement) return body;
  const last = body.body.at(-1);
  return last?.type === AST_NODE_TYPES.ReturnStatement ? last.argument : null;
}
