import {
  defineSignals,
  type DefineSignal,
  type EmitParameters,
  type Locked,
  type Persistent,
  type Ref,
  type Signal,
  type SignalDefinition,
  type SignalGroup,
  type SignalGroupClass,
  type SignalParameters,
  type SignalStream,
  type Subscription,
  type Transient,
  type UntypedSignalDefinition,
} from '@justscale/runtime';
import { expectAssignable, expectError, expectNotAssignable, expectType } from 'tsd';
import { Account, AccountSignals, Wallet } from './domain.js';

declare const signals: AccountSignals;
declare const signal: DefineSignal;
declare const locked: Locked<Account>;
declare const persistent: Persistent<Account>;
declare const transient: Transient<Account>;
declare const ref: Ref<Account>;
declare const walletRef: Ref<Wallet>;
declare const lockedWallet: Locked<Wallet>;

// A path: begins with a slash, each parameter once.
expectType<'/account/:account'>(signal('/account/:account').path);
expectError(signal('account/:account'));
expectError(signal('/from/:account/to/:account'));
expectError(signal('/:a/:b/:c/:a'));
signal('/:a/:b/:c/:d');
expectError(signal(1));
expectError(signal());
expectError(signal({} as unknown));
signal({} as string);
signal({} as any);
signal({} as never);

// Models of parameters that the path has.
expectAssignable<SignalDefinition>(signal('/account/:account').types({ account: Account }));
expectError(signal('/account/:account').types({ wallet: Wallet }));
expectError(signal('/account/:account').types({ account: 'account' }));
expectError(signal('/account/:account').types({ account: class {} }));
expectError(signal('/account/:account').types({} as unknown));
signal('/account/:account').types({});
signal('/account/:account').types({} as any);
signal('/account/:account').types({} as never);

// A group: paths of different shapes.
const group = defineSignals((define) => ({
  opened: define('/opened/:a'),
  closed: define('/closed/:a'),
}));
expectAssignable<
  SignalGroupClass<{ opened: SignalDefinition<'/opened/:a', Record<never, never>> }>
>(group);
expectAssignable<SignalGroup>(signals);
expectNotAssignable<SignalGroup>({});
expectError(
  defineSignals((define) => ({ opened: define('/opened/:a'), again: define('/opened/:b') })),
);
expectError(defineSignals((define) => ({ opened: define('/opened'), again: define('/opened') })));
expectError(defineSignals((define) => ({ opened: define('/opened/:a/:a') })));
expectError(defineSignals({ opened: '/opened/:a' }));
expectError(defineSignals(() => ({ opened: '/opened/:a' })));
expectError(defineSignals({} as unknown));
defineSignals({} as any);
defineSignals({} as never);

// emit: every parameter, as what names an entity of its model, or as text.
expectType<Promise<void>>(signals.changed.emit({ account: ref }));
expectType<Promise<void>>(signals.changed.emit({ account: persistent }));
expectType<Promise<void>>(signals.changed.emit({ account: locked }));
expectType<Promise<void>>(signals.watched.emit({ account: ref, by: 'ada' }));
expectType<Promise<void>>(signals.started.emit({}));
expectError(signals.changed.emit({ account: walletRef }));
expectError(signals.changed.emit({ account: lockedWallet }));
expectError(signals.changed.emit({ account: transient }));
expectError(signals.changed.emit({ account: 'a1' }));
expectError(signals.changed.emit({ account: {} as unknown }));
expectError(signals.changed.emit({}));
expectError(signals.changed.emit());
expectError(signals.changed.emit({ account: ref, by: 'ada' }));
expectError(signals.watched.emit({ account: ref }));
expectError(signals.watched.emit({ account: ref, by: 1 }));
signals.changed.emit({} as any);
signals.changed.emit({} as never);
signals.changed.emit({ account: {} as any });
expectAssignable<EmitParameters<'/a/:a/:b', { a: typeof Account }>>({ a: ref, b: 'b' });
expectNotAssignable<EmitParameters<'/a/:a/:b', { a: typeof Account }>>({ a: ref });

// subscribe and stream: references, filtered by what names an entity.
expectType<Subscription>(
  signals.watched.subscribe(
    (parameters) => {
      expectType<Ref<Account>>(parameters.account);
      expectType<string>(parameters.by);
    },
    { account: locked },
  ),
);
expectError(signals.changed.subscribe(({ wallet }) => wallet));
expectError(
  signals.changed.subscribe((parameters: { account: Persistent<Account> }) => parameters),
);
expectError(signals.changed.subscribe(() => {}, { account: walletRef }));
expectError(signals.changed.subscribe(() => {}, { by: 'ada' }));
expectError(signals.changed.subscribe({} as unknown));
expectError(signals.changed.subscribe());
signals.changed.subscribe({} as any, {} as any);
signals.changed.subscribe({} as never, {} as never);
expectType<SignalParameters<'/account/:account/changed', { readonly account: typeof Account }>>(
  {} as { readonly account: Ref<Account> },
);
const stream = signals.changed.stream({
  signal: new AbortController().signal,
  only: { account: ref },
  limit: 10,
});
expectAssignable<SignalStream<{ readonly account: Ref<Account> }>>(stream);
expectType<Promise<void>>(stream.ready);
expectError(signals.changed.stream({ limit: '10' }));
expectError(signals.changed.stream({ only: { account: walletRef } }));
expectError(signals.changed.stream({} as unknown));
signals.changed.stream({} as any);
signals.changed.stream({} as never);
expectAssignable<Signal<'/account/:account/changed', { readonly account: typeof Account }>>(
  signals.changed,
);
expectNotAssignable<Signal<'/account/:account/changed', { readonly account: typeof Wallet }>>(
  signals.changed,
);

// A subscription ends.
declare const subscription: Subscription;
expectType<Promise<void>>(subscription.ready);
expectType<void>(subscription.unsubscribe());
expectAssignable<Disposable>(subscription);

// A signal without models has a name of its own, so that declarations can be written of a group.
expectType<UntypedSignalDefinition<'/started'>>(signal('/started'));
