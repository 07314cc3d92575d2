// lock() may find nothing.
import type { Repository } from '@justscale/runtime';
import { Account } from '../../test-d/domain.js';

export async function mistake(accounts: Repository<Account>): Promise<void> {
  const held = await accounts.lock(Account.ref('a1'));
  await accounts.update(held, { balance: 1 });
}
