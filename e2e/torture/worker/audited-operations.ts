import {
  CheckError,
  DuplicateEntityError,
  LockStaleError,
  type Locked,
  type UpdateData,
} from '@justscale/runtime';
import { AUDITED_POPULATION, deletionOf, Entry, Slot, SLOTS } from '../domain/audited-models.js';
import type { NamedOperation, Operation } from './operation.js';
import type { Attempt } from './recorder.js';
import { Abandoned } from './tally.js';
import type { World } from './world.js';

const SLOT_IDS = [...SLOTS.keys()];
const SHELVES = [...new Set(SLOTS.values())];
const LABELS = ['red', 'green', 'blue', 'black', 'white', 'grey'];
/** More than a CHECK allows, from wherever it begins. */
const TOO_MUCH = 500;

/** A change of a slot that is held: what is written, and what it is called. */
interface Plan {
  readonly change: string;
  readonly patch: UpdateData<Slot>;
}

/** Plans a change from what the lock shows: most are harmless, some break the CHECK, some take a label that others have. */
export function planChange(world: World, attempt: Attempt, slot: Locked<Slot>): Plan {
  const { random } = world;
  const by = random.chance(6) ? random.pick([TOO_MUCH, -TOO_MUCH]) : random.int(-9, 9);
  const claims = random.chance(6);
  const from = slot.amount;
  const change = attempt.changes({ slot: slot.id, operation: 'update', from, by, claims });
  const label = claims ? random.pick(LABELS) : random.chance(6) ? undefined : slot.label;
  return { change, patch: { amount: from + by, label, change } };
}

export async function lockSlot(world: World, attempt: Attempt, id: string): Promise<Locked<Slot>> {
  const slot = await world.slots.lock(Slot.ref(id));
  if (slot === null) throw new Abandoned(`${id} is gone`);
  attempt.locked(id);
  await world.trap.pass('locked');
  return slot;
}

/** Writes a change that is computed here and now. */
export async function changeSlot(
  world: World,
  attempt: Attempt,
  slot: Locked<Slot>,
): Promise<void> {
  const { change, patch } = planChange(world, attempt, slot);
  const { amount } = await world.slots.update(slot, patch);
  attempt.isTold(change, amount);
  await world.trap.pass('written');
}

async function mutateOnce(world: World, id: string): Promise<void> {
  let attempt: Attempt | undefined;
  let change = '';
  try {
    const slot = await world.slots.mutate(Slot.ref(id), (held) => {
      attempt?.settles('fail', 'repeated');
      attempt = world.recorder.begin('audited mutate');
      attempt.locked(id);
      const plan = planChange(world, attempt, held);
      ({ change } = plan);
      attempt.leaves();
      return plan.patch;
    });
    if (slot !== null) attempt?.isTold(change, slot.amount);
    world.settle('audited mutate', attempt, undefined);
  } catch (error) {
    world.settle('audited mutate', attempt, error);
  }
}

/** Many callers at once on few rows: they are combined, and constraints and triggers see each by itself. */
const mutateTogether: Operation = async (world) => {
  const slots = world.random.sample(SLOT_IDS, world.random.int(1, 3));
  const callers = world.random.int(1, 12);
  await Promise.all(
    Array.from({ length: callers }, () => mutateOnce(world, world.random.pick(slots))),
  );
};

/** A trigger changes the row that is locked: what was computed before that is not written. */
const putInto: Operation = async (world) => {
  const id = world.random.pick(SLOT_IDS);
  await world.transaction('put into', async (attempt) => {
    const slot = await lockSlot(world, attempt, id);
    const entry = newEntry(world, attempt, id);
    if (world.random.chance(50)) {
      await world.entries.save(entry);
      await world.think();
      await changeSlot(world, attempt, slot);
      return;
    }
    const saving = world.entries.save(entry);
    saving.catch(() => undefined);
    // On its way: the lock does not show yet what the trigger does.
    if (world.random.chance(70)) await new Promise((resolve) => setImmediate(resolve));
    const { change, patch } = planChange(world, attempt, slot);
    const [saved, updated] = await Promise.allSettled([saving, world.slots.update(slot, patch)]);
    if (saved.status === 'rejected') throw saved.reason;
    if (updated.status === 'fulfilled') return void attempt.isTold(change, updated.value.amount);
    if (!(updated.reason instanceof LockStaleError)) throw updated.reason;
    attempt.undoes(change);
    await changeSlot(world, attempt, slot);
  });
};

function newEntry(world: World, attempt: Attempt, slot: string, claims = false): Entry {
  const weight = world.random.int(-3, 3);
  const planned = { slot, operation: 'update', from: null, by: weight, claims } as const;
  return new Entry({ slot, weight, change: attempt.changes(planned) });
}

/** Catches what a constraint refuses, in a savepoint, and goes on. */
const changeOrIgnore: Operation = async (world) => {
  const id = world.random.pick(SLOT_IDS);
  await world.transaction('savepoint', async (attempt) => {
    const slot = await lockSlot(world, attempt, id);
    const { change, patch } = planChange(world, attempt, slot);
    try {
      await world.store.savepoint(async () => {
        await world.slots.update(slot, patch);
        await world.think();
        if (world.random.chance(30)) throw new Abandoned('on purpose');
      });
    } catch (error) {
      const isRefused = error instanceof CheckError || error instanceof DuplicateEntityError;
      if (!isRefused && !(error instanceof Abandoned)) throw error;
      attempt.undoes(change);
    }
    await changeSlot(world, attempt, slot);
  });
};

/** Takes the next of a queue that nobody else works on. */
const takeNext: Operation = async (world) => {
  const shelf = world.random.pick(SHELVES);
  await world.transaction('queue', async (attempt) => {
    const options = { orderBy: { amount: 'desc' }, limit: 2, wait: 'skip' } as const;
    const slots = await world.slots.lockWhere({ shelf }, options);
    for (const slot of slots) attempt.locked(slot.id);
    await world.think();
    for (const slot of slots) await changeSlot(world, attempt, slot);
  });
};

/** Entries of several slots in one statement: a twin among them, and none is stored. */
const putMany: Operation = async (world) => {
  // In one order, and one of each shelf, whose row the triggers lock after that of the slot.
  const shelves = world.random.sample(SHELVES, world.random.int(1, 4)).toSorted();
  const slots = shelves.map((shelf) => world.random.pick(slotsOf(shelf)));
  const hasTwin = world.random.chance(15);
  await world.transaction(
    'put many',
    async (attempt) => {
      const entries = slots.map((slot) => newEntry(world, attempt, slot, hasTwin));
      const [first] = entries;
      const twin = hasTwin && first !== undefined ? [new Entry({ ...fieldsOf(first) })] : [];
      await world.entries.saveMany([...entries, ...twin]);
      await world.trap.pass('written');
    },
    { retries: 2 },
  );
};

function slotsOf(shelf: string): string[] {
  return SLOT_IDS.filter((id) => SLOTS.get(id) === shelf);
}

function fieldsOf({ slot, weight, change }: Entry): Pick<Entry, 'slot' | 'weight' | 'change'> {
  return { slot, weight, change };
}

const createAndDelete: Operation = async (world) => {
  let created: string | undefined;
  await world.transaction('create slot', async (attempt) => {
    const slot = `new-${attempt.id}`;
    const { amount } = AUDITED_POPULATION;
    const planned = { slot, operation: 'insert', from: null, by: amount, claims: false } as const;
    const change = attempt.changes(planned);
    const fields = { shelf: world.random.pick(SHELVES), amount, change };
    attempt.isTold(change, (await world.slots.save(new Slot(fields, { id: slot }))).amount);
    created = slot;
  });
  const slot = created;
  if (slot === undefined) return;
  await world.transaction('delete slot', async (attempt) => {
    const held = await lockSlot(world, attempt, slot);
    const change = deletionOf(slot);
    attempt.changes({ slot, operation: 'delete', from: held.amount, by: 0, claims: false, change });
    await world.slots.delete(held);
  });
};

/** What is done to tables with constraints and triggers. */
export const AUDITED_OPERATIONS: readonly NamedOperation[] = [
  { name: 'audited mutate', weight: 4, run: mutateTogether, isDemanding: true },
  { name: 'put into', weight: 2, run: putInto, isDemanding: true },
  { name: 'savepoint', weight: 2, run: changeOrIgnore, isDemanding: true },
  { name: 'queue', weight: 2, run: takeNext, isDemanding: true },
  { name: 'put many', weight: 1, run: putMany, isDemanding: true },
  { name: 'create slot', weight: 1, run: createAndDelete, isDemanding: true },
];
