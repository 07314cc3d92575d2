// Pipelines, options, effects and curried functions.
import type { Locked, Persistent, Ref, Repository, Store } from '@justscale/runtime';
import { Effect, Option, pipe } from 'effect';
import _ from 'lodash';
import { Account } from './domain.js';

/** 50: a pipe of one's own. */
function flow<A, B, C>(first: (a: A) => B, second: (b: B) => C): (a: A) => C {
  return (a) => second(first(a));
}
const pipeAsync = async <A, B, C>(
  value: A,
  first: (a: A) => Promise<B>,
  second: (b: B) => Promise<C>,
): Promise<C> => second(await first(value));

export async function piped(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<number> {
  return store.transaction(() =>
    pipeAsync(
      ref,
      (target) => accounts.lock(target),
      async (account) => (account ? (await accounts.update(account, { balance: 1 })).balance : 0),
    ),
  );
}

/** 51: composition of steps. */
type Step = (account: Locked<Account>) => Promise<Locked<Account>>;
const compose =
  (...steps: readonly Step[]): Step =>
  async (account) => {
    let current = account;
    for (const step of steps) current = await step(current);
    return current;
  };

export async function composed(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<void> {
  const deposit: Step = async (account) => {
    await accounts.update(account, { balance: account.balance + 1 });
    return account;
  };
  const freeze: Step = async (account) => {
    await accounts.update(account, { status: 'frozen' });
    return account;
  };
  await store.transaction(async () => {
    const account = await accounts.lock(ref);
    if (account) await accounts.update(await compose(deposit, freeze)(account), { tags: [] });
  });
}

/** 52: identity, tap and curry. */
const identity = <T>(value: T): T => value;
const tap =
  <T>(effect: (value: T) => void) =>
  (value: T): T => {
    effect(value);
    return value;
  };

export async function tapped(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<void> {
  const log = tap((account: Locked<Account>) => console.log(account.id));
  await store.transaction(async () => {
    const account = await accounts.lock(ref);
    if (!account) return;
    await accounts.update(identity(account), { balance: 1 });
    await accounts.update(log(account), { balance: 2 });
    await accounts.update(flow(identity<Locked<Account>>, log)(account), { balance: 3 });
  });
}

/** 53: an Option of one's own. */
class Maybe<T> {
  private constructor(private readonly value: T | null) {}
  static of<T>(value: T | null): Maybe<T> {
    return new Maybe(value);
  }
  map<U>(change: (value: T) => U): Maybe<U> {
    return new Maybe(this.value === null ? null : change(this.value));
  }
  filter(isWanted: (value: T) => boolean): Maybe<T> {
    return this.value !== null && isWanted(this.value) ? this : new Maybe<T>(null);
  }
  orNull(): T | null {
    return this.value;
  }
  getOrThrow(message: string): T {
    if (this.value === null) throw new Error(message);
    return this.value;
  }
}

export async function optional(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<void> {
  await store.transaction(async () => {
    const held = Maybe.of(await accounts.lock(ref)).filter((account) => account.isOpen);
    const account = held.orNull();
    if (account) await accounts.update(account, { balance: 1 });
    await accounts.update(held.getOrThrow('closed'), { balance: 2 });
    await held.map((entry) => accounts.update(entry, { balance: 3 })).orNull();
  });
}

/** 54: Option and pipe of effect. */
export async function effectOption(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<void> {
  await store.transaction(async () => {
    const held = Option.fromNullishOr(await accounts.lock(ref));
    if (Option.isSome(held)) await accounts.update(held.value, { balance: 1 });
    await pipe(
      held,
      Option.filter((account) => account.isOpen),
      Option.match({
        onNone: () => Promise.resolve<Persistent<Account> | null>(null),
        onSome: (account) => accounts.update(account, { balance: 2 }),
      }),
    );
    const account = Option.getOrNull(held);
    if (account) await accounts.delete(account);
  });
}

/** 55: an Effect that locks and writes. */
export async function effectful(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<void> {
  await store.transaction(() =>
    Effect.runPromise(
      Effect.gen(function* () {
        const account = yield* Effect.promise(() => accounts.lock(ref));
        if (account === null) return yield* Effect.fail('missing');
        const { balance } = yield* Effect.promise(() => accounts.update(account, { balance: 1 }));
        return balance;
      }),
    ),
  );
}

/** 56: lodash. */
export async function lodash(
  store: Store,
  accounts: Repository<Account>,
  refs: readonly Ref<Account>[],
): Promise<void> {
  await store.transaction(async () => {
    const held = await accounts.lockMany(refs);
    for (const [account, name] of _.zip(held, ['ada', 'bob'])) {
      if (account && name) await accounts.update(account, { owner: name });
    }
    for (const part of _.chunk(held, 10))
      await Promise.all(part.map((account) => accounts.update(account, { balance: 0 })));
    for (const group of Object.values(_.groupBy(held, 'owner'))) {
      for (const account of group) await accounts.update(account, { tags: [] });
    }
    const richest =
      _.maxBy(held, (account) => account.balance) ?? _.first(_.sortBy(held, 'balance'));
    if (richest) await accounts.update(richest, { status: 'frozen' });
    for (const account of _.uniqBy(_.compact(held), 'id'))
      await accounts.update(account, { balance: 1 });
    const keyed = _.keyBy(held, 'id');
    for (const account of _.values(keyed)) await accounts.update(account, { balance: 2 });
    const [open, closed] = _.partition(held, (account) => account.isOpen);
    await Promise.all(open.map((account) => accounts.update(account, { balance: closed.length })));
  });
}

/** 57: then chains. */
export function chained(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<number> {
  return store.transaction(() =>
    accounts
      .lock(ref)
      .then((account) => {
        if (!account) throw new Error('gone');
        return account;
      })
      .then((account) => accounts.update(account, { balance: 1 }))
      .then(({ balance }) => balance),
  );
}

/** 58: retries and other wrappers that return what their work returns. */
async function retry<R>(work: () => Promise<R>, times: number): Promise<R> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === times) throw error;
    }
  }
}
const timed = async <R>(name: string, work: () => Promise<R>): Promise<R> => {
  const started = performance.now();
  try {
    return await work();
  } finally {
    console.log(name, performance.now() - started);
  }
};

export async function retried(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<void> {
  await store.transaction(async () => {
    const account = await retry(() => timed('lock', () => accounts.lock(ref)), 3);
    if (account) await timed('write', () => accounts.update(account, { balance: 1 }));
  });
}

/** 59: a match over a domain union. */
type Decision =
  { readonly type: 'write'; readonly account: Locked<Account> } | { readonly type: 'skip' };
const match = <R>(
  decision: Decision,
  cases: { write: (account: Locked<Account>) => R; skip: () => R },
): R => (decision.type === 'write' ? cases.write(decision.account) : cases.skip());

export async function matched(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<void> {
  await store.transaction(async () => {
    const account = await accounts.lock(ref);
    const decision: Decision = account?.isOpen ? { type: 'write', account } : { type: 'skip' };
    await match(decision, {
      write: async (held) => void (await accounts.update(held, { balance: 1 })),
      skip: async () => undefined,
    });
  });
}
