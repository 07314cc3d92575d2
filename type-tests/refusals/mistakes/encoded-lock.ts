// A lock that crosses a process boundary.
import { encode, type Repository } from '@justscale/runtime';
import { Account } from '../../test-d/domain.js';

export async function mistake(accounts: Repository<Account>): Promise<void> {
  const held = await accounts.lock(Account.ref('a1'));
  encode({ held });
}
