import type { JustscaleRule } from '../create-rule.js';
import lockOrder from './lock-order.js';
import noCopiedLock from './no-copied-lock.js';
import noEntityCache from './no-entity-cache.js';
import noEscapedLock from './no-escaped-lock.js';
import noFloatingWrite from './no-floating-write.js';
import noForgedLock from './no-forged-lock.js';
import noLockAcrossBoundary from './no-lock-across-boundary.js';
import noModuleState from './no-module-state.js';
import noOuterClient from './no-outer-client.js';
import noParallelTransactionQueries from './no-parallel-transaction-queries.js';
import noRawClient from './no-raw-client.js';
import noRawClientImport from './no-raw-client-import.js';
import noSlowWorkUnderLock from './no-slow-work-under-lock.js';
import noStaleDecision from './no-stale-decision.js';
import noStalePatch from './no-stale-patch.js';
import noUnguardedInsert from './no-unguarded-insert.js';

/** Every rule by its name. A test asserts that this is the set of files in this folder. */
export const rules = {
  'lock-order': lockOrder,
  'no-copied-lock': noCopiedLock,
  'no-entity-cache': noEntityCache,
  'no-escaped-lock': noEscapedLock,
  'no-floating-write': noFloatingWrite,
  'no-forged-lock': noForgedLock,
  'no-lock-across-boundary': noLockAcrossBoundary,
  'no-module-state': noModuleState,
  'no-outer-client': noOuterClient,
  'no-parallel-transaction-queries': noParallelTransactionQueries,
  'no-raw-client': noRawClient,
  'no-raw-client-import': noRawClientImport,
  'no-slow-work-under-lock': noSlowWorkUnderLock,
  'no-stale-decision': noStaleDecision,
  'no-stale-patch': noStalePatch,
  'no-unguarded-insert': noUnguardedInsert,
} satisfies Record<string, JustscaleRule>;
