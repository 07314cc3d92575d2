// A signal without one of its parameters.
import { Account, type AccountSignals } from '../../test-d/domain.js';

export async function mistake(signals: AccountSignals): Promise<void> {
  await signals.watched.emit({ account: Account.ref('a1') });
}
