// A discriminated union as a whole model, and one as a field.
import { defineModel, type Persistent, type Store } from '@justscale/runtime';
import { z } from 'zod';

class Payment extends defineModel(
  'payment',
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('card'), last4: z.string(), amount: z.number() }),
    z.object({ kind: z.literal('invoice'), days: z.number(), amount: z.number() }),
  ]),
) {
  isLarge() {
    return this.amount > 1000;
  }
}
class Delivery extends defineModel(
  'delivery',
  z.object({
    state: z.union([
      z.object({ at: z.literal('shop') }),
      z.object({ at: z.literal('road'), driver: z.string() }),
    ]),
  }),
) {}
export const describe = (payment: Persistent<Payment>): string => {
  switch (payment.kind) {
    case 'card':
      return `card ${payment.last4}`;
    case 'invoice':
      return `in ${payment.days} days`;
  }
};
export const driver = ({ state }: Persistent<Delivery>): string | null =>
  state.at === 'road' ? state.driver : null;
export async function run(store: Store): Promise<void> {
  const payments = store.repository(Payment);
  await payments.save(new Payment({ kind: 'card', last4: '4242', amount: 1 }));
  const { id } = await payments.save(new Payment({ kind: 'invoice', days: 30, amount: 1 }));
  await payments.find({ amount: 1 });
  await payments.mutate(Payment.ref(id), (payment) => ({ amount: payment.amount + 1 }));
  await store.transaction(async () => {
    const payment = await payments.lock(Payment.ref(id));
    if (payment?.kind === 'invoice') await payments.update(payment, { days: payment.days + 1 });
  });
}
