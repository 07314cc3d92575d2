// A stored entity saved as a new one.
import type { Repository } from '@justscale/runtime';
import { Account } from '../../test-d/domain.js';

export async function mistake(accounts: Repository<Account>): Promise<void> {
  const seen = await accounts.get(Account.ref('a1'));
  if (seen !== null) await accounts.save(seen);
}
