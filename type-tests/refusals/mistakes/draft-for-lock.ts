// A write with a new entity.
import type { Repository } from '@justscale/runtime';
import { Account } from '../../test-d/domain.js';

export async function mistake(accounts: Repository<Account>): Promise<void> {
  const draft = new Account({ owner: 'ada', balance: 0, tags: [] });
  await accounts.update(draft, { balance: 1 });
}
