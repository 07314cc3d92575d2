import type { SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { getMaker } from './definitions.js';
import { getHeldLock, getLockMaker } from './in-process-locks.js';
import type { ValueKind } from './kind.js';
import { isData } from './instance-state.js';
import { isLifecycleFlag } from './lazy-resource.js';
import { getPromiseChain } from './promise-chains.js';
import type { StateWrite } from './state-write.js';
import { getStoredValue } from './stored-value.js';
import { isWorkUnderWay } from './work-under-way.js';

/**
 * The name of the lock that a state is, holds, or is given; `null` when it has none. What makes sure that a process is
 * set up once is the process's own.
 */
export function getWrittenLock(
  sourceCode: Readonly<SourceCode>,
  name: string,
  kind: ValueKind,
  writes: readonly StateWrite[],
): string | null {
  if (isLifecycleFlag(name)) return null;
  const held = getHeldLock(kind);
  if (held !== null) return held;
  for (const write of writes) {
    const stored = getStoredValue(write);
    const lock = stored && getLockMaker(getMaker(sourceCode, stored));
    if (lock) return lock;
  }
  const isLock =
    getPromiseChain(sourceCode, name, writes) === 'lock' ||
    (kind.element !== undefined && !isData(kind) && isWorkUnderWay(sourceCode, name, writes));
  return isLock ? 'Promise' : null;
}
