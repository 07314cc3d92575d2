import {
  OperationProcessError,
  ReplayAbortedError,
  ReplayTimeoutError,
} from '../errors/replay-error.js';
import type { Statement } from '../proxy/statement.js';
import { Changes } from './changes.js';
import type { LockWaits } from './lock-waits.js';
import type { ProcessSide } from './process-side.js';

type Name = 'a' | 'b';

/** A statement that was released. */
export interface Turn {
  readonly process: Name;
  readonly statement: Statement;
  /** That of the other process, where it could have been released instead. */
  readonly other: Statement | undefined;
}

/** Whose turn it is, of those that could go on; `undefined` ends the schedule early. */
export type Choose = (possible: readonly Name[], turns: readonly Turn[]) => Name | undefined;

export interface ScheduleOptions {
  readonly choose: Choose;
  readonly waits: LockWaits;
  /** In milliseconds, from where the operations have begun. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** For how many milliseconds a process may do nothing while the other one could go on: it waits for it, by other means than the database. */
const PATIENCE = 2000;
/** How long a process may load its code, in milliseconds. */
const START_LIMIT = 60_000;
/** Between two looks at whether the server makes a statement wait, in milliseconds. */
const LOOK_AGAIN = 2;

/** Releases the statements of processes that have been started, one at a time, until all have ended. */
export async function runSchedule(
  sides: readonly ProcessSide[],
  { choose, waits, limit, signal }: ScheduleOptions,
): Promise<readonly Turn[]> {
  const changes = new Changes();
  for (const side of sides) side.onChange = changes.notify;
  signal.addEventListener('abort', changes.notify);
  const turns: Turn[] = [];
  let end = performance.now() + START_LIMIT;
  let haveBegun = false;

  const wait = async (count: number, milliseconds = Infinity) => {
    await changes.after(count, Math.min(milliseconds, end - performance.now()));
    if (signal.aborted) throw new ReplayAbortedError(signal.reason);
    for (const { failure } of sides) if (failure !== undefined) throw failure;
    if (performance.now() < end) return;
    const starting = sides.find((side) => !haveBegun && side.isStarting);
    if (starting) throw new OperationProcessError(starting.name, 'it does not come to its start.');
    const names = sides.filter((side) => !side.isDone).map(({ name }) => name);
    throw new ReplayTimeoutError(names, limit);
  };

  /** Until no process can do more without another statement being released. */
  const settle = async () => {
    for (;;) {
      const { count } = changes;
      await wait(count, 0);
      if (sides.some((side) => side.isStarting)) {
        await wait(count);
        continue;
      }
      if (!haveBegun) end = performance.now() + limit;
      haveBegun = true;
      if (sides.some((side) => side.isThinking)) {
        const others = sides.some((side) => side.proxy.next !== undefined);
        await wait(count, others ? PATIENCE : Infinity);
        // A busy machine is no process that waits: one that answers has had its time.
        if (changes.count === count && (await isIdle(sides)) && changes.count === count) return;
        continue;
      }
      const inFlight = sides.flatMap(({ proxy }) => proxy.inFlight);
      if (inFlight.length === 0) return;
      const waiting = await waits(inFlight.map(({ pid }) => pid));
      if (changes.count !== count) continue;
      const stuck = inFlight.filter(({ pid }) => waiting.has(pid));
      if (stuck.length === inFlight.length) {
        for (const { held } of stuck) held.statement.waited = true;
        return;
      }
      await wait(count, LOOK_AGAIN);
    }
  };

  try {
    for (;;) {
      await settle();
      const { count } = changes;
      const possible = sides.filter((side) => side.proxy.next !== undefined);
      if (possible.length === 0) {
        if (sides.every((side) => side.isDone)) return turns;
        // All wait for each other: the server ends a deadlock.
        await wait(count, LOOK_AGAIN);
        continue;
      }
      const name = choose(
        possible.map((side) => side.name),
        turns,
      );
      if (name === undefined) return turns;
      const other = possible.find((side) => side.name !== name)?.proxy.next;
      const statement = possible.find((side) => side.name === name)?.proxy.release();
      if (statement !== undefined) turns.push({ process: name, statement, other });
    }
  } finally {
    signal.removeEventListener('abort', changes.notify);
    for (const side of sides) side.onChange = () => undefined;
  }
}

/** Whether each process that does nothing answers, which is when it has come to the end of what it had to do at once. */
async function isIdle(sides: readonly ProcessSide[]): Promise<boolean> {
  await Promise.all(sides.filter((side) => side.isThinking).map((side) => side.turnOfLoop()));
  return true;
}
