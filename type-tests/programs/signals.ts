// Signals, in classes and helpers.
import {
  defineSignals,
  type Ref,
  type Repository,
  type SignalParameters,
  type Store,
  type Subscription,
} from '@justscale/runtime';
import { Account, Signals } from './domain.js';

export class Feed implements Disposable {
  readonly #subscriptions: Subscription[] = [];
  constructor(
    private readonly signals: Signals,
    private readonly accounts: Repository<Account>,
  ) {}
  async watch(ref: Ref<Account>, listener: (owner: string) => void): Promise<void> {
    const subscription = this.signals.changed.subscribe(
      async ({ account }) => {
        const found = await this.accounts.get(account);
        if (found !== null) listener(found.owner);
      },
      { account: ref },
    );
    this.#subscriptions.push(subscription);
    await subscription.ready;
  }
  [Symbol.dispose](): void {
    for (const each of this.#subscriptions) each.unsubscribe();
  }
}
export class Rooms extends defineSignals((signal) => ({
  opened: signal('/rooms/opened'),
  said: signal('/rooms/:room/said/:line'),
})) {}
export type Said = SignalParameters<'/rooms/:room/said/:line', Record<never, never>>;
export async function run(store: Store): Promise<void> {
  const signals = store.signals(Signals);
  const rooms = store.signals(Rooms);
  await signals.changed.emit({ account: Account.ref('a') });
  await rooms.opened.emit({});
  await rooms.said.emit({ room: 'a', line: '1' });
  for await (const { account } of signals.changed.stream()) {
    const found = await store.repository(Account).get(account);
    if (found) break;
  }
}
