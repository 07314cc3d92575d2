import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Statement } from '#src/postgres/statement.js';
import {
  beginStatement,
  nameStatement,
  commitStatement,
  lockTimeoutStatement,
  newFence,
  unlimitedLocksStatement,
} from '#src/postgres/transaction-statements.js';

// A pooler between a store and the server lends one session to many clients: what a transaction sets must end with it.

const database = useDatabase();
const NAME = 'justscale.transaction';
let sql: postgres.Sql;

beforeEach(() => {
  sql = postgres(database.url, { max: 1, onnotice: () => undefined });
});
afterEach(() => sql.end());

const send = ({ text, parameters }: Statement): Promise<unknown> =>
  sql.unsafe(
    text,
    parameters.map(({ value }) => value),
  );

async function begin(fence: string, idleTimeoutMs: number): Promise<void> {
  await send(beginStatement());
  await send(nameStatement(fence, idleTimeoutMs));
}

async function setting(name: string): Promise<string | null | undefined> {
  const [row] = await sql<
    { value: string | null }[]
  >`select current_setting(${name}, true) as value`;
  return row?.value;
}

test('a transaction has its name and its limit, and the session neither, once it is committed', async () => {
  await sql`set idle_in_transaction_session_timeout = 7000`;
  const fence = newFence();
  await begin(fence, 3_000);
  expect(await setting(NAME)).toBe(fence);
  expect(await setting('idle_in_transaction_session_timeout')).toBe('3s');
  await send(commitStatement);
  expect(await setting(NAME)).toBe('');
  expect(await setting('idle_in_transaction_session_timeout')).toBe('7s');
});

test('a transaction is READ COMMITTED, whatever the session has', async () => {
  await sql`set default_transaction_isolation = 'repeatable read'`;
  await begin(newFence(), 3_000);
  expect(await setting('transaction_isolation')).toBe('read committed');
  await send(commitStatement);
});

test('the limit of a wait ends with the wait, and the session keeps the one that it had', async () => {
  await sql`set lock_timeout = 7000`;
  await begin(newFence(), 3_000);
  await send(lockTimeoutStatement(100));
  expect(await setting('lock_timeout')).toBe('100ms');
  await send(unlimitedLocksStatement);
  expect(await setting('lock_timeout')).toBe('0');
  await send(commitStatement);
  expect(await setting('lock_timeout')).toBe('7s');
});

test('the limit of a wait ends with the transaction as well', async () => {
  await begin(newFence(), 3_000);
  await send(lockTimeoutStatement(100));
  await send(commitStatement);
  expect(await setting('lock_timeout')).toBe('0');
});
