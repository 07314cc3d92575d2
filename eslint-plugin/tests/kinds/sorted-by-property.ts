// A list of objects is sorted, and locked by a property of its elements.
import { defineModel, type Repository, type Store } from '@justscale/runtime';
import { z } from 'zod';

class Row extends defineModel('row', z.object({ n: z.number() })) {}
declare const store: Store;
declare const rows: Repository<Row>;
interface Change {
  id: string;
  by: number;
}
const byId = (a: Change, b: Change) => (a.id < b.id ? -1 : 1);

export async function ok_sorted_objects(changes: readonly Change[]) {
  await store.transaction(async () => {
    for (const change of [...changes].sort((a, b) => a.id.localeCompare(b.id))) {
      await rows.mutate(Row.ref(change.id), (row) => ({ n: row.n + change.by }));
    }
  });
}
export async function ok_destructured(changes: readonly Change[]) {
  await store.transaction(async () => {
    for (const { id, by } of changes.toSorted(byId))
      await rows.mutate(Row.ref(id), (row) => ({ n: row.n + by }));
  });
}
export async function ok_sorted_before(changes: readonly Change[]) {
  const sorted = [...changes].sort(byId);
  await store.transaction(async () => {
    for (const change of sorted) {
      const row = await rows.lock(Row.ref(change.id));
      if (row) await rows.update(row, { n: row.n + change.by });
    }
  });
}
export async function bad_unsorted(changes: readonly Change[]) {
  await store.transaction(async () => {
    for (const { id, by } of changes) await rows.mutate(Row.ref(id), (row) => ({ n: row.n + by }));
  });
}
