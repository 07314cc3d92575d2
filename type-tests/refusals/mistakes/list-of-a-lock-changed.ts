// A list of a lock changed in place.
import type { Repository } from '@justscale/runtime';
import { Account } from '../../test-d/domain.js';

export async function mistake(accounts: Repository<Account>): Promise<void> {
  const held = await accounts.lock(Account.ref('a1'));
  if (held !== null) held.tags.push('vip');
}
