import type {
  AnyModel,
  Behaviour,
  DeepReadonly,
  Fields,
  Locked,
  ModelBase,
  ModelConstructor,
  Persistent,
  Ref,
  Refable,
  Refused,
  Transient,
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
