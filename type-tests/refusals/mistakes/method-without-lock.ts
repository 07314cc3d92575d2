// A method that demands the lock, on a snapshot.
import type { Repository } from '@justscale/runtime';
import { Account } from '../../test-d/domain.js';

export async function mistake(accounts: Repository<Account>): Promise<void> {
  const seen = await accounts.get(Account.ref('a1'));
  seen?.withdrawal(1);
}
