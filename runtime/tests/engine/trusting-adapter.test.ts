import { defineModel, type Locked, type Repository, type Store } from '@justscale/runtime';
import { createStore } from '@justscale/runtime/adapter';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { TrustingAdapter } from './support/trusting-adapter.js';

class Account extends defineModel('account', z.object({ balance: z.number() })) {}

const ref = Account.ref('a1');
const ROLLED_BACK = expect.objectContaining({ code: 'TRANSACTION_ROLLED_BACK' });
const RELEASED = expect.objectContaining({ code: 'LOCK_RELEASED' });

describe('over an adapter that checks nothing', () => {
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

  test('an empty patch sends no statement', async () => {
    await store.transaction(async () => {
      const updated = await accounts.update(await lock(), {});
      expect(updated.balance).toBe(100);
    });
    expect(adapter.calls).toEqual(['lock', 'commit']);
  });

  test('a lock that is held is read again, and stays the same object', async () => {
    await store.transaction(async () => {
      const locked = await lock();
      adapter.rows.set(ref.id, { balance: 7 });
      expect(await lock()).toBe(locked);
      expect(locked.balance).toBe(7);
    });
    expect(adapter.calls).toEqual(['lock', 'lock', 'commit']);
  });

  test('a delete waits for the update before it, which may take long to be checked', async () => {
    const checked = z.object({ balance: z.number() }).refine(async () => true);
    class Checked extends defineModel('checked', checked) {}
    const all = store.repository(Checked);
    await store.transaction(async () => {
      const locked = await all.lock(Checked.ref(ref.id));
      const updating = all.update(locked!, { balance: 1 });
      await Promise.all([updating, all.delete(locked!)]);
    });
    expect(adapter.calls).toEqual(['lock', 'update', 'delete', 'commit']);
  });

  test('an update that nobody awaited is refused, with an empty patch too', async () => {
    const late: Promise<unknown>[] = [];
    await store.transaction(async () => {
      const locked = await lock();
      // The second one waits for the first, and by then the transaction is over.
      late.push(accounts.update(locked, { balance: 666 }), accounts.update(locked, {}));
      for (const update of late) update.catch(() => undefined);
    });
    for (const update of late) await expect(update).rejects.toThrow(RELEASED);
    expect(adapter.rows.get(ref.id)).toEqual({ balance: 100 });
  });

  test('after a statement that failed nothing is sent but the rollback', async () => {
    adapter.beforeUpdate = () => {
      throw new Error('the disk is full');
    };
    const outcome = store.transaction(async () => {
      const locked = await lock();
      await expect(accounts.update(locked, { balance: 1 })).rejects.toThrow('the disk is full');
      for (const call of [
        () => accounts.update(locked, { balance: 2 }),
        () => accounts.update(locked, { balance: 'much' as never }),
        () => accounts.update(locked, {}),
        () => accounts.delete(locked),
        () => accounts.save(new Account({ balance: 2 })),
        () => accounts.find(),
        () => accounts.get(ref),
        () => accounts.lock(Account.ref('a2')),
        () => store.lockName('import'),
      ]) {
        await expect(call()).rejects.toThrow(ROLLED_BACK);
      }
    });
    await expect(outcome).rejects.toThrow(ROLLED_BACK);
    expect(adapter.calls).toEqual(['lock', 'update', 'rollback']);
  });

  test('a commit that failed is followed by a rollback, which ends what the adapter holds', async () => {
    adapter.beforeCommit = () => {
      throw new Error('the disk is full');
    };
    await expect(store.transaction(async () => void (await lock()))).rejects.toThrow(
      'the disk is full',
    );
    expect(adapter.calls).toEqual(['lock', 'commit', 'rollback']);
  });

  test('a write that ran while its transaction was rolled back does not count as done', async () => {
    let written: () => void = () => undefined;
    adapter.beforeUpdate = () => new Promise((resolve) => (written = resolve));
    let update: Promise<unknown> = Promise.resolve();
    const outcome = store.transaction(async () => {
      update = accounts.update(await lock(), { balance: 1 });
      update.catch(() => undefined);
      await expect.poll(() => adapter.calls).toContain('update');
      throw new Error('no');
    });
    await expect(outcome).rejects.toThrow('no');
    written();
    await expect(update).rejects.toThrow(RELEASED);
  });

  async function lock(): Promise<Locked<Account>> {
    const locked = await accounts.lock(ref);
    if (locked === null) throw new Error('no account');
    return locked;
  }
});
