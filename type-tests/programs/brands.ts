// Branded ids and amounts stay branded in every state.
import { defineModel, oneOf, type Locked, type Persistent, type Store } from '@justscale/runtime';
import { z } from 'zod';

const UserId = z.string().brand<'UserId'>();
type UserId = z.infer<typeof UserId>;
const Cents = z.number().int().brand<'Cents'>();
type Cents = z.infer<typeof Cents>;
type Brand<T, B extends string> = T & { readonly __brand: B };
type Slug = Brand<string, 'Slug'>;

class Order extends defineModel(
  'order',
  z.object({
    customer: UserId,
    total: Cents,
    slug: z.custom<Slug>((value) => typeof value === 'string'),
    watchers: z.array(UserId),
  }),
) {
  discounted(this: Locked<Order>, by: Cents) {
    return { total: Cents.parse(this.total - by) };
  }
}
const greet = (id: UserId): string => `hello ${id}`;
export const summary = (order: Persistent<Order>): string => {
  const slug: Slug = order.slug;
  const sum: number = order.total + 1;
  return [greet(order.customer), slug.toUpperCase(), sum, ...order.watchers.map(greet)].join();
};
export async function run(store: Store): Promise<void> {
  const orders = store.repository(Order);
  const customer = UserId.parse('u1');
  await orders.find({ customer });
  await orders.find({ customer: oneOf([customer]) });
  await store.transaction(async () => {
    for (const order of await orders.lockWhere({ customer })) {
      await orders.update(order, {
        ...order.discounted(Cents.parse(1)),
        watchers: [...order.watchers, customer],
      });
      await orders.update(order, { customer: order.customer, slug: order.slug });
    }
  });
}
