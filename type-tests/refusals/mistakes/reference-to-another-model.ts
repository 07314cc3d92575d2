// A reference to another model.
import type { Repository } from '@justscale/runtime';
import { Wallet, type Account } from '../../test-d/domain.js';

export async function mistake(accounts: Repository<Account>): Promise<void> {
  await accounts.get(Wallet.ref('w1'));
}
