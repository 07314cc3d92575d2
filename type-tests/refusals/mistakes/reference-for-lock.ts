// A write with a reference.
import type { Repository } from '@justscale/runtime';
import { Account } from '../../test-d/domain.js';

export async function mistake(accounts: Repository<Account>): Promise<void> {
  await accounts.update(Account.ref('a1'), { balance: 0 });
}
