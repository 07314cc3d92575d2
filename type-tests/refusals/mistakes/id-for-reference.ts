// An id where a reference is expected.
import type { Repository } from '@justscale/runtime';
import type { Account } from '../../test-d/domain.js';

export async function mistake(accounts: Repository<Account>): Promise<void> {
  await accounts.get('a1');
}
