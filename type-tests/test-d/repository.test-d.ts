import {
  allOf,
  gt,
  gte,
  lt,
  lte,
  noneOf,
  not,
  oneOf,
  type AnyModel,
  type Condition,
  type FindOptions,
  type Locked,
  type LockManyOptions,
  type LockOptions,
  type LockStrength,
  type LockWhereOptions,
  type MutateOptions,
  type OrderBy,
  type Ordered,
  type Persistent,
  type Ref,
  type Repository,
  type Transient,
  type Where,
} from '@justscale/runtime';
import { expectAssignable, expectError, expectNotAssignable, expectType } from 'tsd';
import { Account, SavingsAccount, Wallet } from './domain.js';

declare const accounts: Repository<Account>;
declare const wallets: Repository<Wallet>;
declare const savings: Repository<SavingsAccount>;
declare const locked: Locked<Account>;
declare const lockedWallet: Locked<Wallet>;
declare const persistent: Persistent<Account>;
declare const transient: Transient<Account>;
declare const transientWallet: Transient<Wallet>;
declare const ref: Ref<Account>;
declare const walletRef: Ref<Wallet>;

// get: a reference to this model.
expectType<Promise<Persistent<Account> | null>>(accounts.get(ref));
expectError(accounts.get(walletRef));
expectError(accounts.get('a1'));
expectError(accounts.get(persistent));
expectError(accounts.get({} as unknown));
accounts.get({} as any);
accounts.get({} as never);

// findOne and find: fields of this model, with values of their types.
expectType<Promise<Persistent<Account> | null>>(accounts.findOne({ owner: 'ada' }));
expectError(accounts.findOne({ ownr: 'ada' }));
expectError(accounts.findOne({ owner: 1 }));
expectError(accounts.findOne({ owner: {} as unknown }));
expectError(accounts.findOne());
accounts.findOne({} as any);
accounts.findOne({} as never);
expectType<Promise<Persistent<Account>[]>>(accounts.find());
expectType<Promise<Persistent<Account>[]>>(
  accounts.find({ balance: 0 }, { orderBy: 'owner', limit: 10, after: ref }),
);
expectError(accounts.find({ balanse: 0 }));
expectError(accounts.find({}, { orderBy: 'ownr' }));
expectError(accounts.find({}, { orderBy: { owner: 'up' } }));
expectError(accounts.find({}, { limit: '10' }));
expectError(accounts.find({}, { after: walletRef }));
accounts.find({} as any, {} as any);
accounts.find({} as never, {} as never);
expectAssignable<Where<Account>>({ owner: 'ada' });
expectNotAssignable<Where<Account>>({ owner: 1 });
// Conditions: of the field's type, and ordered where there is an order.
accounts.find({ balance: gt(5), owner: oneOf(['ada', 'bob']), id: not(ref.id) });
accounts.find({ balance: allOf(gte(1), lt(5)) });
accounts.findOne({ owner: noneOf(['ada']) });
expectAssignable<Condition<number>>(lte(5));
expectNotAssignable<Condition<number>>(lte('5'));
expectNotAssignable<Condition<number>>({});
expectError(accounts.find({ balance: gt('5') }));
expectError(accounts.find({ owner: lt(5) }));
expectError(accounts.find({ owner: oneOf([1]) }));
expectError(accounts.find({ owner: oneOf('ada') }));
expectError(accounts.find({ owner: not(5) }));
expectError(accounts.find({ ownr: not('ada') }));
expectError(accounts.find({ id: gt(5) }));
expectAssignable<Ordered>(new Date());
expectNotAssignable<Ordered>(true);
expectError(gt(null));
expectError(gt(true));
expectError(gt({}));
expectAssignable<OrderBy<Account>>('id');
expectAssignable<OrderBy<Account>>({ owner: 'asc', balance: 'desc' });
expectNotAssignable<OrderBy<Account>>('isOverdrawn');
expectAssignable<FindOptions<Account>>({ after: locked });
expectNotAssignable<FindOptions<Account>>({ after: lockedWallet });

// lockWhere: conditions as in find; Locked as in lock.
expectType<Promise<Locked<Account>[]>>(accounts.lockWhere({ balance: gt(5) }));
expectType<Promise<Locked<Account>[]>>(
  accounts.lockWhere(
    { owner: 'ada' },
    { orderBy: { balance: 'desc' }, limit: 1, wait: 'skip', timeoutMs: 5 },
  ),
);
expectError(accounts.lockWhere());
expectError(accounts.lockWhere({ ownr: 'ada' }));
expectError(accounts.lockWhere({ owner: 1 }));
expectError(accounts.lockWhere({}, { after: ref }));
expectError(accounts.lockWhere({}, { limit: '1' }));
accounts.lockWhere({} as any, {} as any);
accounts.lockWhere({} as never, {} as never);
expectAssignable<LockWhereOptions<Account>>({ wait: 'skip', limit: 1 });
expectNotAssignable<LockWhereOptions<Account>>({ orderBy: 'ownr' });
expectAssignable<LockStrength>('no key update');
expectNotAssignable<LockStrength>('share');
expectAssignable<LockManyOptions>({ strength: 'no key update' });
expectNotAssignable<LockManyOptions>({ strength: 'share' });
expectAssignable<MutateOptions>({ timeoutMs: 5_000, strength: 'update' });
expectNotAssignable<MutateOptions>({ timeoutMs: '5 s' });

// saveMany: new entities of this model only.
expectType<Promise<Persistent<Account>[]>>(accounts.saveMany([transient]));
expectError(accounts.saveMany(transient));
expectError(accounts.saveMany([transientWallet]));
expectError(accounts.saveMany([persistent]));
expectError(accounts.saveMany([locked]));
expectError(accounts.saveMany([{ owner: 'ada', balance: 0 }]));
accounts.saveMany({} as any);
accounts.saveMany({} as never);

// lock and lockMany: references to this model.
expectType<Promise<Locked<Account> | null>>(accounts.lock(ref));
expectType<Promise<Locked<Account> | null>>(accounts.lock(ref, { wait: 'skip', timeoutMs: 100 }));
expectError(accounts.lock(walletRef));
expectError(accounts.lock('a1'));
expectError(accounts.lock(persistent));
expectError(accounts.lock(locked));
expectError(accounts.lock({} as unknown));
expectError(accounts.lock(ref, { wait: 'never' }));
expectError(accounts.lock(ref, { timeoutMs: '100' }));
expectError(accounts.lock(ref, {} as unknown));
accounts.lock({} as any, {} as any);
accounts.lock({} as never, {} as never);
expectAssignable<LockOptions>({ wait: 'fail' });
expectNotAssignable<LockOptions>({ wait: 'later' });
expectType<Promise<Locked<Account>[]>>(accounts.lockMany([ref, ref] as const));
expectError(accounts.lockMany(ref));
expectError(accounts.lockMany([ref, walletRef]));
expectError(accounts.lockMany(['a1']));
expectError(accounts.lockMany({} as unknown));
accounts.lockMany({} as any);
accounts.lockMany({} as never);

// update: a lock of this model, and nothing else.
expectType<Promise<Persistent<Account>>>(accounts.update(locked, { balance: 1 }));
expectType<Promise<Persistent<Wallet>>>(wallets.update(lockedWallet, { balance: 1 }));
expectError(accounts.update(persistent, { balance: 1 }));
expectError(accounts.update(transient, { balance: 1 }));
expectError(accounts.update(ref, { balance: 1 }));
expectError(accounts.update({ ...locked }, { balance: 1 }));
expectError(accounts.update({ id: 'a1' }, { balance: 1 }));
expectError(accounts.update(null, { balance: 1 }));
expectError(accounts.update({} as Locked<Account> | null, { balance: 1 }));
expectError(accounts.update({} as Locked<Account> | Persistent<Account>, { balance: 1 }));
expectError(accounts.update({} as unknown, { balance: 1 }));
expectError(accounts.update(lockedWallet, { balance: 1 }));
expectError(wallets.update(locked, { balance: 1 }));
expectError(accounts.update({} as Locked<SavingsAccount>, { balance: 1 }));
expectError(savings.update(locked, { balance: 1 }));
accounts.update({} as any, {} as any);
accounts.update({} as never, {} as never);

// update: a patch of its fields.
accounts.update(locked, {});
accounts.update(locked, locked.withdrawal(1));
accounts.update(locked, { nickname: undefined });
expectError(accounts.update(locked));
expectError(accounts.update(locked, { balanse: 1 }));
expectError(accounts.update(locked, { balance: '1' }));
expectError(accounts.update(locked, { owner: undefined }));
expectError(accounts.update(locked, { id: 'a2' }));
expectError(accounts.update(locked, {} as unknown));
expectError(accounts.update(locked, null));

// save: something new, or a lock.
expectType<Promise<Persistent<Account>>>(accounts.save(transient));
expectType<Promise<Persistent<Account>>>(accounts.save(locked));
expectError(accounts.save(persistent));
expectError(accounts.save(ref));
expectError(accounts.save(transientWallet));
expectError(accounts.save({ owner: 'ada', balance: 0, tags: [] }));
expectError(accounts.save({ ...transient }));
expectError(accounts.save({} as unknown));
accounts.save({} as any);
accounts.save({} as never);

// delete: a lock of this model.
expectType<Promise<void>>(accounts.delete(locked));
expectError(accounts.delete(persistent));
expectError(accounts.delete(transient));
expectError(accounts.delete(ref));
expectError(accounts.delete(lockedWallet));
expectError(accounts.delete(null));
expectError(accounts.delete({} as unknown));
accounts.delete({} as any);
accounts.delete({} as never);

// mutate: a reference, and a function from the lock to a patch.
expectType<Promise<Persistent<Account> | null>>(
  accounts.mutate(ref, (account) => account.withdrawal(1)),
);
accounts.mutate(ref, (account) => {
  expectType<Locked<Account>>(account);
  return {};
});
expectError(accounts.mutate(walletRef, () => ({})));
expectError(accounts.mutate('a1', () => ({})));
expectError(accounts.mutate({} as unknown, () => ({})));
expectError(accounts.mutate(ref, { balance: 1 }));
expectError(accounts.mutate(ref, () => ({ balance: '1' })));
expectError(accounts.mutate(ref, async () => ({ balance: 1 })));
expectError(accounts.mutate(ref, () => {}));
expectError(accounts.mutate(ref, (account: Persistent<Account>) => ({ balance: account.balance })));
expectError(accounts.mutate(ref, {} as unknown));
accounts.mutate({} as any, {} as any);
accounts.mutate({} as never, {} as never);

// A repository is one of its model only.
expectNotAssignable<Repository<Account>>(wallets);
expectNotAssignable<Repository<Account>>(savings);
expectNotAssignable<Repository<SavingsAccount>>(accounts);
expectNotAssignable<Repository<AnyModel>>(accounts);
expectError({} as Repository<{ owner: string }>);
expectError({} as Repository<string>);
