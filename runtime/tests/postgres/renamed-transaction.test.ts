import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import type { Locked, Repository, Store } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Account, ACCOUNT_SCHEMA } from './support/account.js';

// A pooler that took the connection away in the middle of a transaction would give it another name: so does this trigger.
const database = useDatabase(`${ACCOUNT_SCHEMA};
  create function rename() returns trigger language plpgsql as $$ begin
    perform set_config('justscale.transaction', 'of somebody else', true);
    return null;
  end $$;
  create trigger rename after insert on account for each statement
    when (current_setting('application_name') = 'justscale') execute function rename();
  insert into account values ('a1', 'ada', 0)`);
const ref = Account.ref('a1');
let store: Store;
let accounts: Repository<Account>;

beforeAll(() => {
  store = postgresStore(database.url);
  accounts = store.repository(Account);
});
afterAll(() => store.close());

const writes: Record<string, (account: Locked<Account>) => Promise<unknown>> = {
  insert: () => accounts.save(new Account({ owner: 'eve', balance: 1 })),
  update: (account) => accounts.update(account, { balance: 1 }),
  delete: (account) => accounts.delete(account),
};

for (const [name, write] of Object.entries(writes)) {
  test(`${name}: refused where the transaction is another one, and nothing of it is kept`, async () => {
    let error: unknown;
    const writing = store.transaction(async () => {
      const account = (await accounts.lock(ref))!;
      await accounts.save(new Account({ owner: 'bob', balance: 1 }));
      await write(account).catch((reason: unknown) => (error = reason));
    });
    await expect(writing).rejects.toMatchObject({ code: 'TRANSACTION_ROLLED_BACK' });
    expect(error).toMatchObject({ code: 'CONNECTION_LOST', outcome: 'rolled back' });
    expect((await accounts.find()).map(({ owner, balance }) => [owner, balance])).toEqual([
      ['ada', 0],
    ]);
  });
}
