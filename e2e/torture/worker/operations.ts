import { type Locked } from '@justscale/runtime';
import { setTimeout as delay } from 'node:timers/promises';
import {
  Account,
  Group,
  Issued,
  ListRow,
  LONGEST_LIST,
  Member,
  POPULATION,
  Sequence,
} from '../domain/models.js';
import { AUDITED_OPERATIONS } from './audited-operations.js';
import { leaveWorkBehind } from './leave-work-behind.js';
import type { NamedOperation, Operation } from './operation.js';
import type { Attempt } from './recorder.js';
import { Abandoned } from './tally.js';
import type { World } from './world.js';

const LONGEST_MEETING_MS = 200;

const ids = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const LISTS = ids('list-', POPULATION.lists);
const ACCOUNTS = ids('account-', POPULATION.accounts);
const SEQUENCES = ids('sequence-', POPULATION.sequences);
const GROUPS = ids('group-', POPULATION.groups);

/** Appends this attempt's entry to a locked row, and tells the others. */
async function append(world: World, attempt: Attempt, row: Locked<ListRow>): Promise<void> {
  if (row.entries.length >= LONGEST_LIST) return;
  attempt.writes(row.id, attempt.id);
  await world.lists.update(row, { entries: [...row.entries, attempt.id] });
  await world.trap.pass('written');
  const nonce = `${attempt.id}-${row.id}`;
  attempt.emits(`/row/${row.id}/changed/${nonce}`);
  await world.signals.changed.emit({ row, nonce });
}

async function lockList(world: World, attempt: Attempt, id: string): Promise<Locked<ListRow>> {
  const row = await world.lists.lock(ListRow.ref(id));
  if (row === null) throw new Abandoned(`${id} is gone`);
  attempt.locked(id, row.entries);
  await world.trap.pass('locked');
  return row;
}

const appendToOne: Operation = async (world) => {
  const id = world.random.chance(50)
    ? world.random.pick(LISTS.slice(0, 2))
    : world.random.pick(LISTS);
  await world.transaction('append', async (attempt) => {
    const row = await lockList(world, attempt, id);
    await world.think();
    await append(world, attempt, row);
  });
};

const appendToMany: Operation = async (world) => {
  const chosen = world.random.sample(LISTS, world.random.int(2, 5));
  await world.transaction('append to many', async (attempt) => {
    const rows = await world.lists.lockMany(chosen.map((id) => ListRow.ref(id)));
    for (const row of rows) attempt.locked(row.id, row.entries);
    await world.think();
    for (const row of rows) await append(world, attempt, row);
  });
};

/** Two transactions that lock the same two rows in opposite orders, each the second one when the other has its first. */
const provokeDeadlock: Operation = async (world) => {
  world.tally.provoke('opposite locks, to deadlock');
  const chosen = world.random.sample(LISTS.slice(4, 30), 2);
  const retries = world.random.int(0, 3);
  const holding: Promise<void>[] = [];
  const lockBoth = (order: readonly string[]): Promise<void> => {
    let hold: () => void = () => undefined;
    holding.push(new Promise((resolve) => (hold = resolve)));
    return world.transaction(
      'opposite locks',
      async (attempt) => {
        for (const id of order) {
          const row = await lockList(world, attempt, id);
          hold();
          // The other one may have failed before it held anything.
          await Promise.race([Promise.all(holding), delay(LONGEST_MEETING_MS)]);
          await append(world, attempt, row);
        }
      },
      { retries },
    );
  };
  await Promise.all([lockBoth(chosen), lockBoth(chosen.toReversed())]);
};

const appendThenAbandon: Operation = async (world) => {
  const id = world.random.pick(LISTS);
  await world.transaction('roll back', async (attempt) => {
    await append(world, attempt, await lockList(world, attempt, id));
    await world.think();
    throw new Abandoned('on purpose');
  });
};

/** The row that all processes mutate at this moment: another one every 20 ms, so that no list grows long. */
function hotRow(): string {
  return `hot-${Math.floor(Number(process.hrtime.bigint() / 20_000_000n) % POPULATION.hotRows)}`;
}

async function mutateOnce(world: World, id: string): Promise<void> {
  let attempt: Attempt | undefined;
  try {
    await world.lists.mutate(ListRow.ref(id), (row) => {
      attempt?.settles('fail', 'repeated');
      attempt = world.recorder.begin('mutate');
      attempt.locked(id, row.entries);
      if (row.entries.length >= LONGEST_LIST || world.random.chance(2))
        throw new Abandoned('on purpose');
      attempt.writes(id, attempt.id);
      attempt.leaves();
      return { entries: [...row.entries, attempt.id] };
    });
    world.settle('mutate', attempt, undefined);
  } catch (error) {
    world.settle('mutate', attempt, error);
  }
}

/** Many callers at once on one row: they are combined. */
const mutateTogether: Operation = async (world) => {
  const id = hotRow();
  const callers = world.random.int(1, 40);
  await Promise.all(Array.from({ length: callers }, () => mutateOnce(world, id)));
};

const transfer: Operation = async (world) => {
  const chosen = world.random.sample(ACCOUNTS, 2);
  const amount = world.random.int(1, 50);
  await world.transaction('transfer', async (attempt) => {
    const [from, to] = await world.accounts.lockMany(chosen.map((id) => Account.ref(id)));
    if (from === undefined || to === undefined) throw new Abandoned('an account is gone');
    attempt.locked(from.id);
    attempt.locked(to.id);
    await world.think();
    await world.accounts.update(from, { balance: from.balance - amount });
    await world.trap.pass('written');
    await world.accounts.update(to, { balance: to.balance + amount });
  });
};

const issueNumber: Operation = async (world) => {
  const id = world.random.pick(SEQUENCES);
  await world.transaction('sequence', async (attempt) => {
    const sequence = await world.sequences.lock(Sequence.ref(id), { timeoutMs: 2_000 });
    if (sequence === null) throw new Abandoned(`${id} is gone`);
    attempt.locked(id);
    const number = sequence.count + 1;
    await world.store.transaction(async () => {
      await world.issued.save(new Issued({ sequence: id, number }));
      await world.think();
    });
    await world.sequences.update(sequence, { count: number });
  });
};

const joinGroup: Operation = async (world) => {
  const id = world.random.pick(GROUPS);
  const name = `member-${world.random.int(1, 500)}`;
  await world.transaction('join', async (attempt) => {
    // Some do without the lock: the unique constraint has to hold all the same.
    const group = world.random.chance(80) ? await world.groups.lock(Group.ref(id)) : null;
    if (group !== null) attempt.locked(id);
    await world.members.save(new Member({ memberGroup: id, name }));
    if (group !== null) await world.groups.update(group, { size: group.size + 1 });
  });
};

const createAndDelete: Operation = async (world) => {
  let created: string | undefined;
  await world.transaction('create', async (attempt) => {
    const id = `new-${attempt.id}`;
    attempt.writes(id, attempt.id);
    await world.lists.save(new ListRow({ entries: [attempt.id] }, { id }));
    await world.think();
    created = id;
  });
  const id = created;
  if (id === undefined || world.random.chance(50)) return;
  await world.transaction('delete', async (attempt) => {
    const row = await lockList(world, attempt, id);
    attempt.deletes(id);
    await world.lists.delete(row);
  });
};

/** Gives up early when the row is held, or waits too long for it on purpose. */
const impatient: Operation = async (world) => {
  const ref = ListRow.ref(world.random.pick(LISTS.slice(0, 4)));
  const options = world.random.pick([
    { wait: 'skip' },
    { wait: 'fail' },
    { timeoutMs: 5 },
  ] as const);
  world.tally.provoke('lock timeout, or no wait at all');
  await world.transaction('impatient', async (attempt) => {
    const row = await world.lists.lock(ref, options);
    if (row === null) return;
    attempt.locked(ref.id, row.entries);
    await world.think();
    await append(world, attempt, row);
  });
};

/** Runs into its own time limit. */
const overtime: Operation = async (world) => {
  const id = world.random.pick(LISTS);
  world.tally.provoke('transaction with a short time limit');
  await world.transaction(
    'time limit',
    async (attempt) => {
      const row = await lockList(world, attempt, id);
      await append(world, attempt, row);
      await world.think();
    },
    { timeoutMs: world.random.int(1, 30) },
  );
};

/** Takes an advisory name, and a row under it. */
const named: Operation = async (world) => {
  const name = `name-${world.random.int(1, 3)}`;
  const id = world.random.pick(LISTS);
  await world.transaction(
    'advisory name',
    async (attempt) => {
      await world.store.lockName(name);
      attempt.locked(name);
      await world.think();
      await append(world, attempt, await lockList(world, attempt, id));
    },
    { retries: 1 },
  );
};

/** More transactions than connections, each with one inside it: none may wait for itself, and some give up waiting. */
const exhaustPool: Operation = async (world) => {
  world.tally.provoke('pool exhausted, by nested transactions');
  const crowd = Array.from({ length: world.maxConnections + 4 }, async () => {
    const id = world.random.pick(LISTS);
    const timeoutMs = world.random.int(20, 600);
    await world.transaction(
      'crowd',
      async (attempt) => {
        const row = await lockList(world, attempt, id);
        await world.store.transaction(async () => {
          await world.think();
          await append(world, attempt, row);
        });
      },
      { timeoutMs },
    );
  });
  await Promise.all(crowd);
};

/** The operations of a run. */
export const OPERATIONS: readonly NamedOperation[] = [
  { name: 'append', weight: 6, run: appendToOne },
  { name: 'append to many', weight: 3, run: appendToMany },
  { name: 'deadlock', weight: 1, run: provokeDeadlock },
  { name: 'roll back', weight: 1, run: appendThenAbandon },
  { name: 'mutate', weight: 8, run: mutateTogether },
  { name: 'transfer', weight: 5, run: transfer },
  { name: 'sequence', weight: 3, run: issueNumber },
  { name: 'set', weight: 2, run: joinGroup },
  { name: 'create and delete', weight: 2, run: createAndDelete },
  { name: 'no wait', weight: 2, run: impatient },
  { name: 'time limit', weight: 1, run: overtime },
  { name: 'advisory name', weight: 1, run: named },
  { name: 'pool exhaustion', weight: 1, run: exhaustPool },
  ...AUDITED_OPERATIONS,
  { name: 'left behind', weight: 2, run: leaveWorkBehind, isDemanding: true },
];
