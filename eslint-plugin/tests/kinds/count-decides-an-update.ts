// A count decides an update: a row becomes one of those counted, or rows of one model decide on a row of another.
import { defineModel, type Repository, type Store } from '@justscale/runtime';
import { z } from 'zod';

class Voucher extends defineModel(
  'voucher',
  z.object({ code: z.string(), limit: z.number(), used: z.number() }),
) {}
class Basket extends defineModel(
  'basket',
  z.object({ voucher: z.string().nullable(), open: z.boolean() }),
) {}
declare const store: Store;
declare const vouchers: Repository<Voucher>;
declare const baskets: Repository<Basket>;

export async function bad_becomes_one_of_them(id: string, code: string) {
  const used = await baskets.find({ voucher: code, open: false });
  if (used.length >= 5) throw new Error('used up');
  await baskets.mutate(Basket.ref(id), () => ({ voucher: code, open: false }));
}
export async function bad_checked_then_locked(id: string, code: string) {
  const used = (await baskets.find({ voucher: code, open: false })).length;
  if (used >= 5) throw new Error('used up');
  await store.transaction(async () => {
    const basket = await baskets.lock(Basket.ref(id));
    if (basket?.open) await baskets.update(basket, { voucher: code, open: false });
  });
}
export async function ok_counted_on_the_voucher(id: string, code: string) {
  const voucher = await vouchers.findOne({ code });
  if (!voucher) return;
  await store.transaction(async () => {
    const held = await vouchers.lock(Voucher.ref(voucher));
    if (!held || held.used >= held.limit) throw new Error('used up');
    await vouchers.update(held, { used: held.used + 1 });
    const basket = await baskets.lock(Basket.ref(id));
    if (basket?.open) await baskets.update(basket, { voucher: code, open: false });
  });
}
