// A field of a patch misspelt.
import type { Repository } from '@justscale/runtime';
import { Account } from '../../test-d/domain.js';

export async function mistake(accounts: Repository<Account>): Promise<void> {
  await accounts.mutate(Account.ref('a1'), () => ({ balanse: 1 }));
}
