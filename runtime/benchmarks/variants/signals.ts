import { defineSignals } from '@justscale/runtime';
import { Account, addOne, openStore } from './justscale.js';
import type { Variant } from '../variant.js';

class AccountSignals extends defineSignals((signal) => ({
  changed: signal('/account/:account/changed').types({ account: Account }),
})) {}

/** A transaction that locks, updates and emits a signal, which is delivered as `signalDelivery` says. */
export function openSignalling(signalDelivery: 'after-commit' | 'in-transaction'): Variant['open'] {
  return openStore({ signalDelivery }, ({ store, accounts }) => {
    const signals = store.signals(AccountSignals);
    return (account) =>
      store.transaction(async () => {
        const locked = await accounts.lock(account);
        if (locked !== null) await accounts.update(locked, addOne(locked));
        await signals.changed.emit({ account });
      });
  });
}
