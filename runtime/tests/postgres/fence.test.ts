import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { RowVersion } from '#src/adapter/adapter.js';
import { describeModel } from '#src/model/model-description.js';
import { ColumnCodec } from '#src/postgres/column-codec.js';
import { Oid } from '#src/postgres/column-types.js';
import type { Column } from '#src/postgres/field-columns.js';
import {
  deleteStatement,
  insertStatement,
  lockStatement,
  updateInTurnStatement,
  updateStatement,
} from '#src/postgres/row-statements.js';
import type { Statement } from '#src/postgres/statement.js';
import { TableColumns } from '#src/postgres/table-columns.js';
import { beginStatement, nameStatement, newFence } from '#src/postgres/transaction-statements.js';

const database = useDatabase('create table item (id text primary key, note text)');

function textColumn(name: string): Column {
  const type = { oid: Oid.text, name: 'text', item: undefined, isEnum: false, limit: undefined };
  const codec = new ColumnCodec(type);
  return {
    name,
    quoted: `"${name}"`,
    field: name,
    type,
    isGenerated: false,
    isNullable: name !== 'id',
    hasDefault: false,
    isReadable: true,
    isKey: name === 'id',
    isUnique: name === 'id',
    codec,
  };
}

const note = textColumn('note');
const columns = new TableColumns(
  { name: 'item', model: describeModel('item', z.object({ note: z.string() })) },
  '"item"',
  [textColumn('id'), note],
);
columns.relation = { oid: '1', hasTupleIds: true, hasEffects: false, hasDeferred: false };
const values = [{ column: note, value: 'new' }];

let sql: postgres.Sql;
beforeAll(() => {
  sql = postgres(database.url, { max: 1, onnotice: () => undefined });
});
beforeEach(
  () => sql`insert into item values ('a', 'old') on conflict (id) do update set note = 'old'`,
);
afterAll(() => sql.end());

const send = (statement: Statement): Promise<{ count: number }> =>
  sql.unsafe(
    statement.text,
    statement.parameters.map(({ value }) => value),
  );

async function stored(): Promise<RowVersion> {
  const statement = lockStatement(columns, ['a'], {
    mode: 'block',
    timeoutMs: undefined,
    strength: 'update',
  });
  const [row] = (await send(statement)) as unknown as [{ readonly 'justscale.version': string }];
  return { id: 'a', version: row['justscale.version'] };
}

async function begin(fence: string, idleTimeoutMs: number): Promise<void> {
  await send(beginStatement());
  await send(nameStatement(fence, idleTimeoutMs));
}

const writes: Record<string, (fence: string, row: RowVersion) => Statement> = {
  insert: (fence) => insertStatement(columns, 'b', values, fence),
  update: (fence, row) => updateStatement(columns, row, values, fence),
  'update in turn': (fence, row) => updateInTurnStatement(columns, row, values, fence, true),
  delete: (fence, row) => deleteStatement(columns, row, fence),
};

for (const [name, write] of Object.entries(writes)) {
  test(`${name}: writes in the transaction of its name, and nowhere else`, async () => {
    const fence = newFence();
    const row = await stored();
    expect((await send(write(fence, row))).count).toBe(0);
    await begin(newFence(), 1_000);
    expect((await send(write(fence, row))).count).toBe(0);
    await sql.unsafe('rollback');
    await begin(fence, 1_000);
    expect((await send(write(fence, row))).count).toBe(1);
    await sql.unsafe('rollback');
    expect((await send(write(fence, row))).count).toBe(0);
  });
}

test('a row is written as the version that it is, and as the one that the statement before has left', async () => {
  const fence = newFence();
  const row = await stored();
  await begin(fence, 1_000);
  await sql`update item set note = 'from a trigger' where id = 'a'`;
  expect((await send(updateStatement(columns, row, values, fence))).count).toBe(0);
  expect((await send(deleteStatement(columns, row, fence))).count).toBe(0);
  const inTurn = (isFirst: boolean, from = row): Promise<{ count: number }> =>
    send(updateInTurnStatement(columns, from, values, fence, isFirst));
  expect((await inTurn(true)).count).toBe(0);
  expect((await inTurn(true, await stored())).count).toBe(1);
  expect((await inTurn(false)).count).toBe(1);
  await sql`update item set note = 'from a trigger' where id = 'a'`;
  expect((await inTurn(false)).count).toBe(0);
  await sql.unsafe('rollback');
});
