import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { defineModel } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { expect, test } from 'vitest';
import { z } from 'zod';

const FIELDS = Array.from({ length: 12 }, (_, index) => `f${index}`);
const database = useDatabase(
  `create table wide (id text primary key, ${FIELDS.map((field) => `${field} int not null`).join(', ')})`,
);

class Wide extends defineModel(
  'wide',
  z.object(Object.fromEntries(FIELDS.map((field) => [field, z.number()]))),
) {}

/** The fields of a patch, a different set for each number. */
function patch(number: number): Record<string, number> {
  return Object.fromEntries(
    FIELDS.flatMap((field, bit) => ((number >> bit) & 1 ? [[field, number]] : [])),
  );
}

test('however many kinds of statements there are, a connection keeps a bounded number of them', async () => {
  const store = postgresStore(database.url, { maxConnections: 1 });
  const items = store.repository(Wide);
  const saved = await items.save(new Wide(patch(2 ** FIELDS.length - 1)));
  const ref = Wide.ref(saved);
  const count = async (): Promise<number> => {
    const [row] = await store.read<{ n: number }>(
      'select count(*)::int as n from pg_prepared_statements',
    );
    return row?.n ?? NaN;
  };
  const counts: number[] = [];
  // More than a connection keeps in one transaction, and then so many that another connection takes its place.
  await store.transaction(async () => {
    const locked = await items.lock(ref);
    for (let number = 1; number <= 500; number++) await items.update(locked!, patch(number));
    counts.push(await count());
  });
  for (let number = 501; number <= 1_000; number++) await items.mutate(ref, () => patch(number));
  counts.push(await count());
  expect(Math.max(...counts)).toBeLessThanOrEqual(420);
  expect(counts.at(-1)).toBeLessThan(400);
  expect(await items.get(ref)).toMatchObject(patch(1_000));
  await store.close();
});
