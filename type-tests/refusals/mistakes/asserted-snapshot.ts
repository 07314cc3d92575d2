// A snapshot asserted to be a lock.
import type { Locked, Repository } from '@justscale/runtime';
import { Account } from '../../test-d/domain.js';

export async function mistake(accounts: Repository<Account>): Promise<void> {
  const seen = await accounts.get(Account.ref('a1'));
  if (seen !== null) await accounts.update(seen as Locked<Account>, { balance: 1 });
}
