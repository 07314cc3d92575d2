import type { MeasureContext } from '../measure-context.js';
import { measureCommits } from './commits.js';
import { measureGrowth } from './growth.js';
import { measureHeap } from './heap.js';
import { measureImport } from './import-cost.js';
import { measureListeners } from './listeners.js';
import { measureLockMany } from './lock-many.js';
import { measureMemory } from './memory.js';
import { measurePath } from './path.js';
import { measureProfile } from './profile.js';
import { measureQueries } from './queries.js';
import { measureRoundTrips } from './round-trips.js';
import { measureSignals } from './signals.js';
import { measureThroughput } from './throughput.js';

/** The measurements by their names. */
export const PARTS = {
  throughput: (context: MeasureContext) => measureThroughput(context),
  profile: measureProfile,
  roundTrips: measureRoundTrips,
  lockMany: measureLockMany,
  queries: measureQueries,
  memory: measureMemory,
  signals: measureSignals,
  commits: measureCommits,
  path: measurePath,
  heap: measureHeap,
  import: measureImport,
  growth: measureGrowth,
  listeners: measureListeners,
};
