// Savepoints, effects after the commit, lost contexts, isolation, reads in SQL.
import type { Ref, Repository, Store } from '@justscale/runtime';
import { Account } from './domain.js';

export async function run(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<number> {
  return store.transaction(
    async (tx) => {
      const account = await accounts.lock(ref, { strength: 'no key update' });
      if (account === null) return 0;
      await store.savepoint(async () => {
        await accounts.update(account, account.withdrawal(1));
      });
      store.afterCommit(() => {
        console.log('written');
      });
      await new Promise<void>((resolve) =>
        setImmediate(() => void tx.run(async () => accounts.find()).then(() => resolve())),
      );
      const rows = await store.read<{ total: number }>('select 1 as total');
      return rows[0]?.total ?? 0;
    },
    { isolation: 'serializable', retries: 3, settings: { 'app.tenant': 'a' } },
  );
}
