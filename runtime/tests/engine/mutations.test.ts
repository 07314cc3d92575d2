import {
  ConnectionLostError,
  defineModel,
  defineSignals,
  type Locked,
  type Persistent,
  type Repository,
  type Store,
} from '@justscale/runtime';
import { createStore } from '@justscale/runtime/adapter';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { TrustingAdapter } from './support/trusting-adapter.js';

class Account extends defineModel('account', z.object({ balance: z.number() })) {}
const slowSchema = z.object({ balance: z.number() }).refine(async () => true);
class SlowAccount extends defineModel('slowAccount', slowSchema) {}
class Signals extends defineSignals((signal) => ({ said: signal('/said/:what') })) {}

const ref = Account.ref('a1');
const addOne = ({ balance }: { balance: number }): { balance: number } => ({
  balance: balance + 1,
});

let adapter: TrustingAdapter;
let store: Store;
let accounts: Repository<Account>;

beforeEach(() => {
  adapter = new TrustingAdapter();
  adapter.rows.set(ref.id, { balance: 100 });
  store = createStore(adapter);
  accounts = store.repository(Account);
});
afterEach(() => store.close());

function fail(error: Error): () => never {
  return () => {
    throw error;
  };
}

/** Emits in a change, which writes nothing. */
function mutateSignalsOnly(): Promise<unknown> {
  const { said } = store.signals(Signals);
  return accounts.mutate(ref, () => {
    void said.emit({ what: 'something' });
    return {};
  });
}

test('a change of nothing writes and commits nothing', async () => {
  expect(await accounts.mutate(ref, () => ({}))).toMatchObject({ balance: 100 });
  expect(adapter.calls).toEqual(['lock', 'rollback']);
});

test('one that only signals commits', async () => {
  await mutateSignalsOnly();
  expect(adapter.calls).toEqual(['lock', 'commit']);
});

test('and fails with its commit', async () => {
  adapter.beforeCommit = () => Promise.reject(new Error('the disk is full'));
  await expect(mutateSignalsOnly()).rejects.toThrow('the disk is full');
});

test('combined changes wait for a schema that takes its time, each in its turn', async () => {
  const slow = store.repository(SlowAccount);
  const balances = await Promise.all(
    [1, 2, 3].map(() => slow.mutate(SlowAccount.ref('a1'), addOne)),
  );
  expect(balances.map((entity) => entity?.balance)).toEqual([101, 102, 103]);
});

test('the entity of a change that failed is released', async () => {
  let kept: Locked<Account> | undefined;
  const failing = accounts.mutate(ref, (account) => {
    kept = account;
    return { balance: 'much' as never };
  });
  await expect(failing).rejects.toMatchObject({ code: 'VALIDATION' });
  expect(() => kept?.balance).toThrow(expect.objectContaining({ code: 'LOCK_RELEASED' }));
});

test('a write that fails is what the caller hears of, and it is rolled back', async () => {
  adapter.beforeUpdate = fail(new Error('the disk is full'));
  adapter.beforeCommit = () => Promise.reject(new Error('rolled back'));
  await expect(accounts.mutate(ref, addOne)).rejects.toThrow('the disk is full');
  expect(adapter.calls).toEqual(['lock', 'update', 'rollback']);
});

test('a commit that fails is, where the write did not', async () => {
  adapter.beforeCommit = () => Promise.reject(new Error('the disk is full'));
  await expect(accounts.mutate(ref, addOne)).rejects.toThrow('the disk is full');
});

/** Three at once: the second and the third are combined while the first is under way. */
function mutateThrice(): Promise<PromiseSettledResult<Persistent<Account> | null>[]> {
  return Promise.allSettled([1, 2, 3].map(() => accounts.mutate(ref, addOne)));
}

/** Lets only the second of some calls fail. */
function failSecond(call: 'update' | 'commit', error: Error): void {
  const failIfSecond = (): void => {
    if (adapter.calls.filter((each) => each === call).length === 2) throw error;
  };
  if (call === 'update') adapter.beforeUpdate = failIfSecond;
  else adapter.beforeCommit = failIfSecond;
}

async function balances(): Promise<unknown[]> {
  return (await mutateThrice()).flatMap((outcome) =>
    outcome.status === 'fulfilled' ? [outcome.value?.balance] : [],
  );
}

test('a combined change that the database refuses runs again alone, and those behind it without it', async () => {
  failSecond('update', new Error('not together'));
  expect(await balances()).toEqual([101, 102, 103]);
});

test('combined changes whose commit the database refuses are tried one by one', async () => {
  failSecond('commit', new Error('not together'));
  expect(await balances()).toHaveLength(3);
  expect(adapter.calls.filter((call) => call === 'lock')).toHaveLength(4);
});

test('unless it is unknown whether they were written', async () => {
  failSecond('commit', new ConnectionLostError('unknown'));
  const outcomes = await mutateThrice();
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(adapter.calls.filter((call) => call === 'commit')).toHaveLength(2);
});

test('without combineMutations each call has a transaction of its own', async () => {
  const apart = createStore(adapter, { combineMutations: false }).repository(Account);
  await Promise.all([1, 2, 3].map(() => apart.mutate(ref, addOne)));
  expect(adapter.calls.filter((call) => call === 'lock')).toHaveLength(3);
  adapter.calls.length = 0;
  await mutateThrice();
  expect(adapter.calls.filter((call) => call === 'lock')).toHaveLength(2);
});
