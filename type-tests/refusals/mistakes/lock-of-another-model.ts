// A write with the lock of another model.
import type { Repository } from '@justscale/runtime';
import { Wallet, type Account } from '../../test-d/domain.js';

export async function mistake(
  accounts: Repository<Account>,
  wallets: Repository<Wallet>,
): Promise<void> {
  const held = await wallets.lock(Wallet.ref('w1'));
  if (held !== null) await accounts.update(held, { balance: 1 });
}
