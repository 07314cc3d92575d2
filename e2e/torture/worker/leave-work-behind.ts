import {
  JustScaleError,
  LockReleasedError,
  TransactionRolledBackError,
  type Locked,
} from '@justscale/runtime';
import { LEFT_BEHIND } from '../checks/check-audit.js';
import { Entry, Slot, SLOTS } from '../domain/audited-models.js';
import { ListRow } from '../domain/models.js';
import { changeSlot, lockSlot, planChange } from './audited-operations.js';
import type { Operation } from './operation.js';
import type { Attempt } from './recorder.js';
import { Abandoned } from './tally.js';
import type { World } from './world.js';

const SLOT_IDS = [...SLOTS.keys()];

/** A call that rolled-back work may still make. */
type Call = (world: World, attempt: Attempt, id: string, slot: Locked<Slot>) => Promise<unknown>;

const CALLS: readonly Call[] = [
  (world, attempt, id) =>
    world.slots.mutate(Slot.ref(id), (held) => planChange(world, attempt, held).patch),
  (world, attempt, id) =>
    world.store.transaction(async () => {
      await changeSlot(world, attempt, await lockSlot(world, attempt, id));
    }),
  (world, attempt, slot) => {
    const planned = { slot, operation: 'update', from: null, by: 1, claims: false } as const;
    return world.entries.save(new Entry({ slot, weight: 1, change: attempt.changes(planned) }));
  },
  async (world, attempt) => {
    const row = ListRow.ref(`hot-${world.random.int(0, 99)}`);
    attempt.emits(`/row/${row.id}/changed/${attempt.id}`);
    await world.signals.changed.emit({ row, nonce: attempt.id });
  },
  (world, _attempt, _id, slot) => world.slots.delete(slot),
  (world) => world.store.lockName(`name-${world.random.int(1, 3)}`),
];

/**
 * A transaction is rolled back, because it throws or takes too long, and its caller is told; the rest of its work goes on,
 * and nothing of that may happen.
 */
export const leaveWorkBehind: Operation = async (world) => {
  const id = world.random.pick(SLOT_IDS);
  const isSlow = world.random.chance(50);
  let tell: () => void = () => undefined;
  const told = new Promise<void>((resolve) => (tell = resolve));
  let left: Promise<void> | undefined;
  world.tally.provoke('work that goes on after its rollback');
  await world.transaction(
    'abandoned',
    async (attempt) => {
      const slot = await lockSlot(world, attempt, id);
      left = told.then(() => goOn(world, id, slot));
      await changeSlot(world, attempt, slot);
      // On its way when the transaction ends.
      void world.slots.update(slot, planChange(world, attempt, slot).patch).catch(() => undefined);
      if (isSlow) await new Promise(() => undefined);
      throw new Abandoned('on purpose');
    },
    { timeoutMs: isSlow ? world.random.int(5, 40) : 5_000 },
  );
  tell();
  await left;
};

async function goOn(world: World, id: string, slot: Locked<Slot>): Promise<void> {
  await Promise.all(
    world.random.sample(CALLS, 3).map(async (call) => {
      const attempt = world.recorder.begin(LEFT_BEHIND);
      try {
        await call(world, attempt, id, slot);
        attempt.settles('ok');
      } catch (error) {
        attempt.settles('fail', error instanceof JustScaleError ? error.code : String(error));
        const isRefused =
          error instanceof TransactionRolledBackError || error instanceof LockReleasedError;
        if (!isRefused) world.tally.defect(error);
      }
    }),
  );
}
