// The same with valibot.
import { defineModel, type Locked, type Persistent, type Store } from '@justscale/runtime';
import * as v from 'valibot';

const Cents = v.pipe(v.number(), v.integer(), v.brand('Cents'));
type Cents = v.InferOutput<typeof Cents>;
class Account extends defineModel(
  'account',
  v.object({
    owner: v.pipe(v.string(), v.minLength(1)),
    balance: v.optional(Cents, 0),
    nick: v.optional(v.string()),
    tags: v.optional(v.array(v.string()), () => []),
  }),
) {
  deposit(this: Locked<Account>, amount: Cents) {
    return { balance: v.parse(Cents, this.balance + amount) };
  }
}
export const balance = (account: Persistent<Account>): Cents => account.balance;
export async function run(store: Store): Promise<void> {
  const accounts = store.repository(Account);
  const { id } = await accounts.save(new Account({ owner: 'ada' }));
  await accounts.mutate(Account.ref(id), (account) => account.deposit(v.parse(Cents, 1)));
}
