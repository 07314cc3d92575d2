// What a transaction can be told: a serializable one is a guard, a savepoint keeps the locks of its transaction, what runs after the commit has
// none of them, and a condition of a query is not always an equality.
import { defineModel, gte, type Repository, type Store } from '@justscale/runtime';
import { z } from 'zod';

class Seat extends defineModel(
  'seat',
  z.object({ row: z.number(), taken: z.boolean(), guest: z.string().nullable() }),
) {}
declare const store: Store;
declare const seats: Repository<Seat>;
declare function mail(guest: string): Promise<void>;

export async function bad_counted(row: number, guest: string) {
  await store.transaction(async () => {
    if ((await seats.find({ row, taken: true })).length >= 10) return;
    await seats.save(new Seat({ row, taken: true, guest }));
  });
}
export async function ok_serializable(row: number, guest: string) {
  await store.transaction(
    async () => {
      if ((await seats.find({ row, taken: true })).length >= 10) return;
      await seats.save(new Seat({ row, taken: true, guest }));
    },
    { isolation: 'serializable' },
  );
}
export async function ok_savepoint(id: string, guest: string) {
  await store.transaction(async () => {
    const seat = await seats.lock(Seat.ref(id));
    if (!seat || seat.taken) return;
    await store.savepoint(async () => {
      await seats.update(seat, { taken: true, guest });
    });
  });
}
export async function ok_locked_in_a_savepoint(id: string, guest: string) {
  await store.transaction(async () => {
    const seat = await store.savepoint(() => seats.lock(Seat.ref(id)));
    if (seat && !seat.taken) await seats.update(seat, { taken: true, guest });
  });
}
export async function bad_savepoint_not_awaited(id: string) {
  await store.transaction(async () => {
    const seat = await seats.lock(Seat.ref(id));
    if (seat) store.savepoint(async () => void (await seats.update(seat, { taken: true })));
  });
}
export async function ok_mail_after_commit(id: string) {
  await store.transaction(async () => {
    const seat = await seats.lock(Seat.ref(id));
    if (!seat) return;
    const { guest } = seat;
    await seats.update(seat, { taken: false, guest: null });
    if (guest) store.afterCommit(() => mail(guest));
  });
}
export async function bad_lock_after_commit(id: string) {
  await store.transaction(async () => {
    const seat = await seats.lock(Seat.ref(id));
    if (!seat) return;
    store.afterCommit(() => seats.update(seat, { taken: false }));
  });
}
export async function bad_decided_before_commit(id: string) {
  await store.transaction(async () => {
    const seat = await seats.lock(Seat.ref(id));
    const isFree = seat !== null && !seat.taken;
    store.afterCommit(async () => {
      if (isFree) await seats.mutate(Seat.ref(id), () => ({ taken: true }));
    });
  });
}
export async function ok_rows_from(row: number) {
  return seats.find({ row: gte(row) });
}
