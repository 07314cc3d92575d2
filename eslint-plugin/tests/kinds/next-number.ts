// The next number of a row, in other words than the highest one plus one.
import { defineModel, type Repository, type Store } from '@justscale/runtime';
import { z } from 'zod';

class Series extends defineModel('series', z.object({ last: z.number() })) {}
class Bill extends defineModel(
  'bill',
  z.object({ series: z.string(), number: z.number(), code: z.string() }),
) {}
declare const store: Store;
declare const allSeries: Repository<Series>;
declare const bills: Repository<Bill>;
const last = async (series: string) =>
  (await bills.find({ series }, { orderBy: { number: 'desc' }, limit: 1 }))[0];

export async function bad_count_plus_one(series: string) {
  const number = (await bills.find({ series })).length + 1;
  await bills.save(new Bill({ series, number, code: '' }));
}
export async function bad_count_in_a_code(series: string) {
  const { length } = await bills.find({ series });
  await bills.save(
    new Bill({ series, number: 0, code: `B-${String(length + 1).padStart(5, '0')}` }),
  );
}
export async function bad_one_plus(series: string) {
  const number = 1 + ((await last(series))?.number ?? 0);
  await bills.save(new Bill({ series, number, code: '' }));
}
export async function bad_incremented(series: string) {
  let number = (await last(series))?.number ?? 0;
  number++;
  await bills.save(new Bill({ series, number, code: '' }));
}
export async function bad_highest_in_a_loop(series: string) {
  let number = 0;
  for (const bill of await bills.find({ series })) number = Math.max(number, bill.number);
  number += 1;
  await bills.save(new Bill({ series, number, code: '' }));
}
export async function bad_batch(series: string, codes: readonly string[]) {
  const start = ((await last(series))?.number ?? 0) + 1;
  await Promise.all(
    codes.map((code, i) => bills.save(new Bill({ series, number: start + i, code }))),
  );
}
export async function bad_parsed(series: string) {
  const before = await last(series);
  const n = before ? Number.parseInt(before.code.slice(2), 10) + 1 : 1;
  await bills.save(new Bill({ series, number: 0, code: `B-${n}` }));
}
export async function ok_numbered_by_the_series(id: string) {
  await store.transaction(async () => {
    const series = await allSeries.lock(Series.ref(id));
    if (!series) return;
    const number = series.last + 1;
    await allSeries.update(series, { last: number });
    await bills.save(new Bill({ series: id, number, code: `B-${number}` }));
  });
}
