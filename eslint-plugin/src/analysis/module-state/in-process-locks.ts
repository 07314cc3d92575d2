import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import { getCalleeName, getKeyName } from '../../syntax/member-access.js';
import { unwrapNode } from '../../syntax/unwrap-node.js';
import { getImportedName } from '../../syntax/imported-name.js';
import type { ValueKind } from './kind.js';

/**
 * How an export of a package excludes others: `one` always, `counted` when its first argument, a number or an option
 * `concurrency`, is one, `wrapper` when its first argument is a lock.
 */
type Exclusion = 'one' | 'counted' | 'wrapper';

/** Packages whose locks are in the memory of the process, by the names that they export. */
const LOCKS: Readonly<Record<string, Readonly<Record<string, Exclusion>>>> = {
  '@esfx/async-mutex': { AsyncMutex: 'one' },
  '@livekit/mutex': { Mutex: 'one', MultiMutex: 'one' },
  '@rocicorp/lock': { Lock: 'one', RWLock: 'one' },
  '@shopify/semaphore': { Semaphore: 'counted' },
  'async-await-mutex-lock': { default: 'one', Lock: 'one' },
  'async-lock': { default: 'one' },
  'async-mutex': {
    Mutex: 'one',
    Semaphore: 'counted',
    tryAcquire: 'wrapper',
    withTimeout: 'wrapper',
  },
  'async-rwlock': { default: 'one', RWLock: 'one' },
  'async-sema': { Sema: 'counted' },
  'await-lock': { default: 'one' },
  'await-semaphore': { Mutex: 'one', Semaphore: 'counted' },
  effect: { makeSemaphore: 'counted', unsafeMakeSemaphore: 'counted' },
  'es-toolkit': { Mutex: 'one', Semaphore: 'counted' },
  mutexify: { default: 'one' },
  'mutexify/promise': { default: 'one' },
  'p-limit': { default: 'counted' },
  'p-mutex': { default: 'one' },
  'p-queue': { default: 'counted' },
  rwlock: { default: 'one' },
  semaphore: { default: 'counted' },
  'semaphore-async-await': { default: 'counted', Lock: 'one', Semaphore: 'counted' },
  superlock: { createMutex: 'one', createSemaphore: 'counted' },
};

/** What others call a lock of one process, where no package says so. */
const LOCK_NAME =
  /^(?!.*(?:Redis|Redlock|Distributed|Postgres|Pg|Database|Db|File|Ipc))\w*Mutex(?:Interface)?$/;

/** The name of what makes a lock that only this process sees; `null` for all else. */
export function getLockMaker(expression: TSESTree.Expression): string | null {
  const node = unwrapNode(expression);
  if (node.type === AST_NODE_TYPES.AssignmentExpression) return getLockMaker(node.right);
  if (node.type !== AST_NODE_TYPES.NewExpression && node.type !== AST_NODE_TYPES.CallExpression)
    return null;
  const callee = unwrapNode(node.callee);
  const name = getCalleeName(callee);
  const [first] = node.arguments;
  switch (getExclusion(callee)) {
    case 'one':
      return name;
    case 'counted':
      return first && isOne(first) ? name : null;
    case 'wrapper':
      return first && first.type !== AST_NODE_TYPES.SpreadElement ? getLockMaker(first) : null;
    default:
      return node.type === AST_NODE_TYPES.NewExpression && name !== null && LOCK_NAME.test(name)
        ? name
        : null;
  }
}

/** The kind of a type that is a lock, or of one that lets in as many as it is told; `undefined` for all else. */
export function getLockTypeKind(type: TSESTree.EntityName, name: string): ValueKind | undefined {
  const exclusion = getExclusion(type);
  if (exclusion === 'one' || (!exclusion && LOCK_NAME.test(name)))
    return { kind: 'lock', lock: name };
  return exclusion ? { kind: 'resource' } : undefined;
}

/** The name of the lock that a value is or holds; `null` when it has none. */
export function getHeldLock({ lock, element }: ValueKind): string | null {
  return lock ?? (element ? getHeldLock(element) : null);
}

function getExclusion(callee: TSESTree.Node): Exclusion | null {
  const imported = getImportedName(callee);
  if (!imported) return null;
  const exports = Object.hasOwn(LOCKS, imported.module) ? LOCKS[imported.module] : undefined;
  const name = imported.name ?? 'default';
  return exports && Object.hasOwn(exports, name) ? (exports[name] ?? null) : null;
}

/** `1`, `{ concurrency: 1 }` */
function isOne(argument: TSESTree.CallExpressionArgument): boolean {
  if (argument.type === AST_NODE_TYPES.Literal) return argument.value === 1;
  return (
    argument.type === AST_NODE_TYPES.ObjectExpression &&
    argument.properties.some(
      (property) =>
        property.type === AST_NODE_TYPES.Property &&
        getKeyName(property) === 'concurrency' &&
        property.value.type === AST_NODE_TYPES.Literal &&
        property.value.value === 1,
    )
  );
}
