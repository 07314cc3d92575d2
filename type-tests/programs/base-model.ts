// Methods of a base model that demand its lock, called on subclasses.
import { defineModel, type Locked, type Store } from '@justscale/runtime';
import { z } from 'zod';

class Account extends defineModel('account', z.object({ owner: z.string(), balance: z.number() })) {
  withdrawal(this: Locked<Account>, amount: number) {
    return { balance: this.balance - amount };
  }
  renamed(this: Locked<Account>, owner: string) {
    return { owner };
  }
}
class Savings extends Account {
  interest(this: Locked<Savings>, rate: number) {
    return { balance: this.balance * (1 + rate) };
  }
}
class Youth extends Savings {
  get isYouth() {
    return true;
  }
}
export async function run(store: Store): Promise<void> {
  const savings = store.repository(Savings, { table: 'savings' });
  const youth = store.repository(Youth, { table: 'youth' });
  await store.transaction(async () => {
    const held = await savings.lock(Savings.ref('s'));
    if (held !== null) {
      await savings.update(held, held.withdrawal(1));
      await savings.update(held, { ...held.renamed('ada'), ...held.interest(0.1) });
    }
    for (const each of await youth.lockWhere({ owner: 'ada' })) {
      if (each.isYouth) await youth.update(each, each.withdrawal(1));
      await youth.update(each, each.interest(0.2));
    }
  });
}
