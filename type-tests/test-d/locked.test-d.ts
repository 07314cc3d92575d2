import type { Locked, Persistent, Ref, Repository, Transient } from '@justscale/runtime';
import { expectError, expectType } from 'tsd';
import type { Account, Wallet } from './domain.js';

declare const accounts: Repository<Account>;
declare const wallets: Repository<Wallet>;
declare const locked: Locked<Account>;
declare const lockedWallet: Locked<Wallet>;
declare const persistent: Persistent<Account>;
declare const transient: Transient<Account>;
declare const ref: Ref<Account>;

// A write takes a lock, and no other state.
expectType<Promise<Persistent<Account>>>(accounts.update(locked, { balance: 1 }));
expectError(accounts.update(persistent, { balance: 1 }));
expectError(accounts.update(transient, { balance: 1 }));
expectError(accounts.update(ref, { balance: 1 }));

// A lock of another model with the same fields is another lock.
expectType<Promise<Persistent<Wallet>>>(wallets.update(lockedWallet, { balance: 1 }));
expectError(accounts.update(lockedWallet, { balance: 1 }));

// A method that demands the lock cannot be called without it.
expectType<{ balance: number }>(locked.withdrawal(1));
expectError(persistent.withdrawal(1));
