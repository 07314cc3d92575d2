// A lock that leaves its transaction.
import type { Repository, Store } from '@justscale/runtime';
import { Account } from '../../test-d/domain.js';

export async function mistake(store: Store, accounts: Repository<Account>): Promise<void> {
  await store.transaction(() => accounts.lock(Account.ref('a1')));
}
