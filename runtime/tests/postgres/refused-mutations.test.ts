import { randomUUID } from 'node:crypto';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { defineSignals } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { describe, expect, test } from 'vitest';
import { Account, ACCOUNT_SCHEMA } from './support/account.js';

// No update gets through to an account with a note.
const database = useDatabase(`${ACCOUNT_SCHEMA};
  create function swallow() returns trigger language plpgsql as 'begin return null; end';
  create trigger swallow before update on account
    for each row when (old.note is not null) execute function swallow()`);
class Signals extends defineSignals((signal) => ({ said: signal('/said/:what') })) {}

const refused = {
  'whose column cannot hold the value': { note: undefined, balance: 1.5 },
  'whose write a trigger swallows': { note: 'x', balance: 2 },
};

describe.each(['after-commit', 'in-transaction'] as const)('signals %s', (signalDelivery) => {
  test.each(Object.entries(refused))(
    'a mutation %s sends none',
    async (title, { note, balance }) => {
      const store = postgresStore(database.url, { signalDelivery, channel: title });
      const accounts = store.repository(Account);
      const { said } = store.signals(Signals);
      const heard = said.stream();
      await heard.ready;
      const { id } = await accounts.save(new Account({ owner: randomUUID(), balance: 1, note }));
      const mutating = accounts.mutate(Account.ref(id), () => {
        void said.emit({ what: 'half' });
        return { balance };
      });
      await expect(mutating).rejects.toMatchObject({ code: 'DATABASE' });
      await said.emit({ what: 'next' });
      expect((await heard.next()).value).toMatchObject({ what: 'next' });
      await heard.return();
      expect(await accounts.get(Account.ref(id))).toMatchObject({ balance: 1 });
      await store.close();
    },
  );
});
