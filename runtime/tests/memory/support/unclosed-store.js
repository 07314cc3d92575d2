// Uses what could leave a timer or a listener behind, and does not close the store.
import { defineModel, defineSignals } from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { z } from 'zod';

class Account extends defineModel('account', z.object({ balance: z.number() })) {}
class AccountSignals extends defineSignals((signal) => ({
  changed: signal('/account/:account/changed').types({ account: Account }),
})) {}

const AN_HOUR_MS = 3_600_000;

const store = memoryStore();
const accounts = store.repository(Account);
const { changed } = store.signals(AccountSignals);
const ref = Account.ref(await accounts.save(new Account({ balance: 0 })));

const heard = new Promise((resolve) => changed.subscribe(resolve));
const increment = () =>
  store.transaction(
    async () => {
      const account = await accounts.lock(ref, { timeoutMs: AN_HOUR_MS });
      await store.lockName('increment', { timeoutMs: AN_HOUR_MS });
      await accounts.update(account, { balance: account.balance + 1 });
    },
    { timeoutMs: AN_HOUR_MS },
  );
await Promise.all([increment(), increment()]);
await changed.emit({ account: ref });
await heard;
console.log(`heard, ${(await accounts.get(ref)).balance}`);
