// A write with a copy of the lock.
import type { Repository } from '@justscale/runtime';
import { Account } from '../../test-d/domain.js';

export async function mistake(accounts: Repository<Account>): Promise<void> {
  const held = await accounts.lock(Account.ref('a1'));
  if (held !== null) await accounts.update({ ...held }, { balance: 1 });
}
