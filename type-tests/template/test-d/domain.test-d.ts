import type { Locked, Persistent, Repository, Store, Transient } from '@justscale/runtime';
import { expectError, expectType } from 'tsd';
import { Order, type OrderSignals } from '../src/domain.js';

declare const store: Store;
declare const orders: Repository<Order>;
declare const signals: OrderSignals;
declare const locked: Locked<Order>;
declare const persistent: Persistent<Order>;
declare const transient: Transient<Order>;

// Paying needs the lock. Each refusal stands beside what is accepted, so that a typo cannot pass for a refusal.
expectType<{ state: 'paid' }>(locked.payment());
expectError(persistent.payment());
expectError(transient.payment());

expectType<Promise<Persistent<Order>>>(orders.update(locked, locked.payment()));
expectError(orders.update(persistent, { state: 'paid' }));
expectError(orders.update(locked, { state: 'payed' }));

// The lock stays in its transaction.
expectType<Promise<Persistent<Order>>>(
  store.transaction(() => orders.update(locked, locked.payment())),
);
expectError(store.transaction(() => orders.lock(Order.ref('o1'))));

// A signal names an order, and nothing else.
expectType<Promise<void>>(signals.paid.emit({ order: locked }));
expectError(signals.paid.emit({ order: 'o1' }));
