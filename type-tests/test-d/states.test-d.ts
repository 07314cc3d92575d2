import type {
  AnyModel,
  Behaviour,
  DeepReadonly,
  Entity,
  EntityTypes,
  Fields,
  IdentityOf,
  InstanceIn,
  Locked,
  LockOf,
  ModelBase,
  ModelConstructor,
  NewEntity,
  Conditions,
  Patch,
  Persistent,
  Ref,
  Refable,
  Refused,
  SnapshotOf,
  StoredAs,
  Transient,
  Unsaved,
  UpdateData,
} from '@justscale/runtime';
import { expectAssignable, expectError, expectNotAssignable, expectType } from 'tsd';
import { Account, SavingsAccount, Wallet } from './domain.js';

declare const transient: Transient<Account>;
declare const persistent: Persistent<Account>;
declare const locked: Locked<Account>;
declare const ref: Ref<Account>;
declare const lockedWallet: Locked<Wallet>;
declare const lockedSavings: Locked<SavingsAccount>;
declare const walletRef: Ref<Wallet>;

// No state is assignable to another one.
expectAssignable<Locked<Account>>(locked);
expectNotAssignable<Locked<Account>>(persistent);
expectNotAssignable<Locked<Account>>(transient);
expectNotAssignable<Locked<Account>>(ref);
expectAssignable<Persistent<Account>>(persistent);
expectNotAssignable<Persistent<Account>>(locked);
expectNotAssignable<Persistent<Account>>(transient);
expectNotAssignable<Persistent<Account>>(ref);
expectAssignable<Transient<Account>>(transient);
expectAssignable<Transient<Account>>(new Account({ owner: 'ada', balance: 0, tags: [] }));
expectNotAssignable<Transient<Account>>(locked);
expectNotAssignable<Transient<Account>>(persistent);
expectNotAssignable<Transient<Account>>(ref);
expectAssignable<Ref<Account>>(ref);
expectNotAssignable<Ref<Account>>(locked);
expectNotAssignable<Ref<Account>>(persistent);
expectNotAssignable<Ref<Account>>(transient);

// No value is in two states at once, and a model by itself is in none.
type Bare = ModelBase<'account', { balance: number }>;
expectType<never>({} as Transient<Bare> & Persistent<Bare>);
expectType<never>({} as Transient<Bare> & Locked<Bare>);
expectType<never>({} as Transient<Bare> & Ref<Bare>);
expectType<never>({} as Persistent<Bare> & Locked<Bare>);
expectType<never>({} as Persistent<Bare> & Ref<Bare>);
expectType<never>({} as Locked<Bare> & Ref<Bare>);
expectNotAssignable<Transient<Bare>>({} as Bare);

// A copy is in no state.
expectNotAssignable<Locked<Account>>({ ...locked });
expectNotAssignable<Persistent<Account>>({ ...persistent });
expectNotAssignable<Ref<Account>>({ ...ref });

// Nothing passes for a lock but a lock, and what switches the compiler off.
expectNotAssignable<Locked<Account>>({ id: 'a1', owner: 'ada', balance: 0, tags: [] });
expectNotAssignable<Locked<Account>>(null);
expectNotAssignable<Locked<Account>>('a1');
expectNotAssignable<Locked<Account>>({} as unknown);
expectAssignable<Locked<Account>>({} as any);
expectAssignable<Locked<Account>>({} as never);

// Two models with the same fields and methods are apart, and so are a model and its subclass, both ways.
expectNotAssignable<Locked<Account>>(lockedWallet);
expectNotAssignable<Ref<Account>>(walletRef);
expectNotAssignable<Locked<Account>>(lockedSavings);
expectNotAssignable<Locked<SavingsAccount>>(locked);
expectNotAssignable<Locked<Account>>({} as Locked<Account> | Locked<Wallet>);
expectNotAssignable<Locked<Account>>({} as Locked<Account | Wallet>);

// Both stored states are readable as plain data, and carry an id; a transient has none, and is writable.
expectAssignable<{ readonly id: string; readonly owner: string }>(locked);
expectAssignable<{ readonly id: string; readonly owner: string }>(persistent);
expectNotAssignable<{ readonly id: string }>(transient);
expectType<string>(locked.id);
expectType<readonly string[]>(locked.tags);
expectType<string | undefined>(persistent.nickname);
transient.balance = 1;
expectError((transient.balance = '1'));
expectError((locked.balance = 1));
expectError((persistent.balance = 1));
expectError((locked.id = 'a2'));
expectError(locked.tags.push('vip'));
expectError((locked.isOverdrawn = () => true));

// Methods: on any state, or under the lock only.
expectType<boolean>(transient.isOverdrawn());
expectType<boolean>(persistent.isOverdrawn());
expectType<boolean>(locked.isOverdrawn());
expectType<{ balance: number }>(locked.withdrawal(1));
expectError(persistent.withdrawal(1));
expectError(transient.withdrawal(1));

// Whatever names a stored entity.
expectAssignable<Refable<Account>>(ref);
expectAssignable<Refable<Account>>(persistent);
expectAssignable<Refable<Account>>(locked);
expectNotAssignable<Refable<Account>>(transient);
expectNotAssignable<Refable<Account>>('a1');
expectNotAssignable<Refable<Account>>(walletRef);

// The parts of a model.
type AccountFields = {
  owner: string;
  balance: number;
  tags: string[];
  nickname?: string | undefined;
};
expectType<AccountFields>({} as Fields<Account>);
expectType<never>({} as Fields<{ owner: string }>);
expectAssignable<Behaviour<Account>>(locked);
expectNotAssignable<Behaviour<Account>>({ owner: 'ada' });
expectAssignable<AnyModel>(transient);
expectAssignable<ModelBase<'account', AccountFields>>(transient);
expectNotAssignable<ModelBase<'wallet', AccountFields>>(transient);
expectAssignable<ModelConstructor>(Account);
expectAssignable<ModelConstructor>(SavingsAccount);
expectNotAssignable<ModelConstructor>(class {});
expectNotAssignable<ModelConstructor>(Date);

// Patches: what a lock gives fits as it is; only optional fields are cleared.
expectAssignable<UpdateData<Account>>({});
expectAssignable<UpdateData<Account>>({ tags: locked.tags, balance: locked.balance });
expectAssignable<UpdateData<Account>>({ nickname: undefined });
expectNotAssignable<UpdateData<Account>>({ owner: undefined });
expectNotAssignable<UpdateData<Account>>({ balance: '1' });
expectNotAssignable<UpdateData<Account>>({ balance: {} as unknown });
expectAssignable<UpdateData<ModelBase<'note', { text?: string }>>>({ text: undefined });
expectError((({} as UpdateData<Account>).balance = 1));

// Deeply readonly.
expectType<{ readonly list: readonly { readonly n: number }[] }>(
  {} as DeepReadonly<{ list: { n: number }[] }>,
);
expectType<ReadonlyMap<string, readonly number[]>>({} as DeepReadonly<Map<string, number[]>>);
expectType<ReadonlySet<string>>({} as DeepReadonly<Set<string>>);
expectType<Date>({} as DeepReadonly<Date>);
expectType<(n: number) => string>({} as DeepReadonly<(n: number) => string>);
expectType<number | { readonly n: readonly number[] }>(
  {} as DeepReadonly<number | { n: number[] }>,
);
expectType<any>({} as DeepReadonly<any>);
expectType<unknown>({} as DeepReadonly<unknown>);

// A reason in place of a type takes nothing.
expectNotAssignable<Refused<'because'>>('because');
expectNotAssignable<Refused<'because'>>({});

// The marks of the states: what declarations of inferred types name, and what no copy has.
expectAssignable<StoredAs<'locked'>>(locked);
expectAssignable<StoredAs<'locked'>>({ ...locked });
expectAssignable<LockOf<Account>>(locked);
expectNotAssignable<LockOf<Account>>({ ...locked });
expectNotAssignable<LockOf<Account>>(persistent);
expectAssignable<SnapshotOf<Account>>(persistent);
expectNotAssignable<SnapshotOf<Account>>({ ...persistent });
expectAssignable<IdentityOf<Account>>(ref);
expectNotAssignable<IdentityOf<Account>>({ ...ref });
expectAssignable<NewEntity>(transient);
expectNotAssignable<NewEntity>({ ...transient });
expectNotAssignable<Unsaved>({});
expectType<'account'>({} as EntityTypes<'account', { owner: string }>['model']);
expectAssignable<Conditions<{ owner: string }>>({ owner: 'ada' });
expectNotAssignable<Conditions<{ owner: string }>>({ owner: 1 });
expectAssignable<Patch<{ owner: string }>>({ owner: 'ada' });
expectNotAssignable<Patch<{ owner: string }>>({ owner: 1 });

// A copy of a new entity is none, with a field changed or left out; what it is made of is as it was.
expectNotAssignable<Transient<Account>>({ ...transient });
expectNotAssignable<Transient<Wallet>>({ ...({} as Transient<Wallet>), balance: 1 });

// instanceof: of an unknown value the model, and every state; a state that is known stays.
declare const unknown: unknown;
declare const either: Persistent<Account> | Error;
declare const ofTwo: Persistent<Account> | Persistent<Wallet>;
if (unknown instanceof Account) {
  expectType<Entity<Account>>(unknown);
  expectNotAssignable<Transient<Account> | Locked<Account>>(unknown);
}
if (persistent instanceof Account) expectType<Persistent<Account>>(persistent);
if (locked instanceof Account) expectType<Locked<Account>>(locked);
if (transient instanceof Account) expectAssignable<Transient<Account>>(transient);
if (either instanceof Account) expectAssignable<Persistent<Account>>(either);
if (ofTwo instanceof Account) expectAssignable<Persistent<Account>>(ofTwo);
expectType<Entity<Account>>({} as InstanceIn<unknown, Account>);
expectType<Persistent<Account>>({} as InstanceIn<Persistent<Account> | Error, Account>);
expectType<never>({} as InstanceIn<Error, Account>);

// A method that demands the lock of its own model demands, on a subclass, the lock of the subclass.
expectType<{ balance: number }>(lockedSavings.withdrawal(1));
expectType<boolean>(lockedSavings.isOverdrawn());
expectError(({} as Persistent<SavingsAccount>).withdrawal(1));

// Branded values stay what they are; bytes and dates are one value; recursive types end.
type Branded = string & { readonly brand: 'Id' };
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
expectType<Branded>({} as DeepReadonly<Branded>);
expectType<Uint8Array>({} as DeepReadonly<Uint8Array>);
expectType<readonly [string, number?]>({} as DeepReadonly<[string, number?]>);
expectType<readonly [string, ...number[]]>({} as DeepReadonly<[string, ...number[]]>);
expectAssignable<DeepReadonly<Json>>({ a: [1, { b: null }] });
expectNotAssignable<Json>({} as DeepReadonly<Json>);
expectType<Ref<Account>>({} as DeepReadonly<Ref<Account>>);
