import type { Step } from '../model/finding.js';
import type { Place } from '../model/place.js';

/** The places of a finding, as far as its analysis knows them. */
export interface Sites {
  readonly ruleId: string;
  readonly reported: Place;
  readonly write: Place | null;
  readonly reads: readonly Place[];
  readonly check: Place | null;
  readonly locks: readonly Place[];
  readonly elsewhere: Place | null;
}

type Moment = readonly [process: 1 | 2, place: Place, message: string];

/** One order of the steps of two processes in which a finding does harm. */
export function interleave(sites: Sites): readonly Step[] {
  return momentsOf(sites).map(([process, place, message], index) => ({
    process,
    order: index + 1,
    place,
    message,
  }));
}

function momentsOf(sites: Sites): readonly Moment[] {
  const { ruleId, reported: at } = sites;
  switch (ruleId) {
    case 'no-stale-patch':
    case 'no-stale-decision':
    case 'no-unguarded-insert':
      return raceOf(sites);
    case 'lock-order':
      return deadlockOf(sites);
    case 'no-module-state':
    case 'no-entity-cache':
      return [
        [1, at, 'Changes what is kept in this process.'],
        [2, at, 'Has its own, which knows nothing of that.'],
      ];
    case 'no-slow-work-under-lock':
      return [
        [1, at, 'Waits for something slow while it holds the lock.'],
        [2, at, 'Waits for the lock all that time.'],
      ];
    case 'no-floating-write':
      return [
        [1, at, 'Begins the write and goes on without it: it answers that all is well.'],
        [2, at, 'Reads or writes the same rows before the first write happened, if it ever does.'],
      ];
    case 'no-outer-client':
      return [
        [1, at, 'Makes the query on another connection than its transaction.'],
        [2, at, 'Sees the result, although the transaction of process 1 is then rolled back.'],
      ];
    case 'no-parallel-transaction-queries':
      return [
        [1, at, 'One of the queries fails, and the transaction is rolled back.'],
        [2, at, 'Sees what the other queries wrote after that, outside of the transaction.'],
      ];
    default:
      return [
        [1, at, 'Holds the lock that this code gets around.'],
        [2, at, 'Runs this code at the same time.'],
      ];
  }
}

function raceOf({ ruleId, reported, write, reads, check }: Sites): readonly Moment[] {
  const target = write ?? reported;
  const [read = reported] = reads;
  const lost = {
    'no-stale-patch': 'Writes what it computed from what it read: what process 1 wrote is lost.',
    'no-unguarded-insert': 'Inserts as well: now there is one too many.',
  };
  const last =
    lost[ruleId as keyof typeof lost] ??
    'Writes as well, although what it decided on no longer holds.';
  return [
    [1, read, 'Reads, without a lock.'],
    [2, read, 'Reads the same, without a lock.'],
    ...(check
      ? ([
          [1, check, 'Decides to write.'],
          [2, check, 'Decides the same.'],
        ] as const)
      : []),
    [1, target, ruleId === 'no-unguarded-insert' ? 'Inserts.' : 'Writes.'],
    [2, target, last],
  ];
}

function deadlockOf({ reported, locks, elsewhere }: Sites): readonly Moment[] {
  const [first = reported, second = first] = locks;
  return [
    [1, first, 'Takes one lock.'],
    [2, elsewhere ?? second, 'Takes another one, in other code or for other rows.'],
    [1, second, 'Waits for the lock that process 2 holds.'],
    [2, elsewhere ?? first, 'Waits for the lock that process 1 holds: neither goes on.'],
  ];
}
