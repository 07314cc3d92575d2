import { randomUUID } from 'node:crypto';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { defineSignals } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { expect, test } from 'vitest';
import { Account, ACCOUNT_SCHEMA } from './support/account.js';

// No update gets through to an account with a note.
const database = useDatabase(`${ACCOUNT_SCHEMA};
  create function swallow() returns trigger language plpgsql as 'begin return null; end';
  create trigger swallow before update on account
    for each row when (old.note is not null) execute function swallow()`);
class Signals extends defineSignals((signal) => ({ said: signal('/said/:what') })) {}

test.each(['after-commit', 'in-transaction'] as const)(
  'a mutation whose column cannot hold the value sends no signal (%s)',
  async (signalDelivery) => {
    const store = postgresStore(database.url, { signalDelivery, channel: signalDelivery });
    const accounts = store.repository(Account);
    const { said } = store.signals(Signals);
    const heard = said.stream();
    await heard.ready;
    const { id } = await accounts.save(new Account({ owner: randomUUID(), balance: 1 }));
    const mutating = accounts.mutate(Account.ref(id), () => {
      void said.emit({ what: 'half' });
      return { balance: 1.5 };
    });
    await expect(mutating).rejects.toMatchObject({ code: 'DATABASE' });
    await said.emit({ what: 'next' });
    expect((await heard.next()).value).toMatchObject({ what: 'next' });
    await heard.return();
    expect(await accounts.get(Account.ref(id))).toMatchObject({ balance: 1 });
    await store.close();
  },
);

test.each(['after-commit', 'in-transaction'] as const)(
  'nor does one whose write a trigger swallows (%s)',
  async (signalDelivery) => {
    const store = postgresStore(database.url, { signalDelivery, channel: `no ${signalDelivery}` });
    const accounts = store.repository(Account);
    const { said } = store.signals(Signals);
    const heard = said.stream();
    await heard.ready;
    const { id } = await accounts.save(new Account({ owner: randomUUID(), balance: 1, note: 'x' }));
    const mutating = accounts.mutate(Account.ref(id), () => {
      void said.emit({ what: 'half' });
      return { balance: 2 };
    });
    await expect(mutating).rejects.toMatchObject({ code: 'DATABASE' });
    await said.emit({ what: 'next' });
    expect((await heard.next()).value).toMatchObject({ what: 'next' });
    await heard.return();
    await store.close();
  },
);
