// A signal with a parameter that its path does not have.
import { Account, type AccountSignals } from '../../test-d/domain.js';

export async function mistake(signals: AccountSignals): Promise<void> {
  await signals.changed.emit({ account: Account.ref('a1'), by: 'ada' });
}
