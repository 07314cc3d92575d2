import { ReplayServer } from './database/server.js';
import { Interruption } from './execution/interruption.js';
import { hasCatalogChanges, Laboratory } from './execution/laboratory.js';
import { search } from './execution/search.js';
import type { Operation } from './operation/operation.js';
import type { Outcome } from './oracle/outcome.js';
import { SerialOracle } from './oracle/serial-oracle.js';
import type { ReplayResult } from './report/replay-result.js';
import { interleavings } from './schedule/plans.js';
import { Reduction } from './schedule/reduction.js';

export interface ExploreOptions {
  /**
   * The URL of a Postgres whose user may create databases. The replay makes its own there and drops them; it reads and
   * writes no other.
   */
  readonly database: string;
  /** Creates tables and rows through the URL of an empty database; each execution then begins with a copy of it. */
  readonly setup: (url: string) => unknown;
  /** How many schedules are run at most; 200 where it is not given. */
  readonly maxSchedules?: number;
  /** How often a schedule that gives an anomaly is run again; 20 where it is not given. */
  readonly replays?: number;
  /** How long one execution may take, in milliseconds; 10 000 where it is not given. */
  readonly limit?: number;
  /** Ends the replay early. */
  readonly signal?: AbortSignal;
}

/**
 * Runs two operations against each other in every order of their statements, and compares what each order leaves with
 * what running one after the other leaves.
 *
 * @throws {UnreachableError | NotPostgresError | DatabaseUrlError} for a `database` that cannot be used
 * @throws {SetupError} when `setup` fails
 * @throws {SilentOperationError} when an operation sends no statement
 * @throws {ReplayTimeoutError} when an execution does not end within `limit`
 * @throws {OperationProcessError} when the module of an operation cannot be run
 * @throws {ReplayAbortedError} when `signal` is aborted
 */
export async function explore(
  a: Operation,
  b: Operation,
  { database, setup, maxSchedules = 200, replays = 20, limit = 10_000, signal }: ExploreOptions,
): Promise<ReplayResult> {
  const interruption = new Interruption(signal);
  try {
    const server = await ReplayServer.connect(database);
    try {
      const options = { limit, signal: interruption.signal };
      const laboratory = await Laboratory.open(server, setup, { a, b }, options);
      return await decide(laboratory, { maxSchedules, replays });
    } finally {
      await server.close();
    }
  } finally {
    interruption.end();
  }
}

async function decide(
  laboratory: Laboratory,
  bounds: { maxSchedules: number; replays: number },
): Promise<ReplayResult> {
  const twice = async (order: readonly ('a' | 'b')[]) =>
    [await laboratory.serial(order, false), await laboratory.serial(order, true)] as const;
  const aThenB = await twice(['a', 'b']);
  const bThenA = await twice(['b', 'a']);
  const runs = [...aThenB, ...bThenA];
  laboratory.catalogChanges = runs.some(hasCatalogChanges);
  const { outcome: before, relations } = laboratory.ground;
  const alone = new Map<'a' | 'b', Promise<Outcome>>();

  const oracle = SerialOracle.from({
    aThenB,
    bThenA,
    before,
    alone: (name) => {
      const outcome =
        alone.get(name) ?? laboratory.serial([name], false).then((run) => run.outcome);
      alone.set(name, outcome);
      return outcome;
    },
  });
  const count = (name: 'a' | 'b') =>
    aThenB[0].turns.filter(({ process }) => process === name).length;
  const possible = interleavings(count('a'), count('b'));
  if ('path' in oracle) {
    return {
      verdict: 'undecidable',
      explored: { schedules: 0, possible, complete: false, milliseconds: 0 },
      reason: `Two runs of the same serial order differ in ${oracle.path}, which is neither an id nor a clock.`,
    };
  }
  const statements = runs.flatMap((run) => run.statements);
  const reduction = new Reduction(relations, statements);
  return search(laboratory, oracle, reduction, { ...bounds, possible });
}
