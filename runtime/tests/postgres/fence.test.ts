import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ColumnCodec } from '../../src/postgres/column-codec.js';
import { Oid } from '../../src/postgres/column-types.js';
import {
  deleteStatement,
  insertStatement,
  updateStatement,
} from '../../src/postgres/row-statements.js';
import type { Statement } from '../../src/postgres/statement.js';
import { TableColumns, type Column } from '../../src/postgres/table-columns.js';
import { beginStatement, newFence } from '../../src/postgres/transaction-statements.js';

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
    codec,
  };
}

const note = textColumn('note');
const columns = new TableColumns({ name: 'item', model: { name: 'item' } } as never, '"item"', [
  textColumn('id'),
  note,
]);
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

const writes: Record<string, (fence: string) => Statement> = {
  insert: (fence) => insertStatement(columns, 'b', values, fence),
  update: (fence) => updateStatement(columns, 'a', values, fence),
  delete: (fence) => deleteStatement(columns, 'a', fence),
};

for (const [name, write] of Object.entries(writes)) {
  test(`${name}: writes in the transaction of its name, and nowhere else`, async () => {
    const fence = newFence();
    expect((await send(write(fence))).count).toBe(0);
    await send(beginStatement(newFence(), 1_000));
    expect((await send(write(fence))).count).toBe(0);
    await sql.unsafe('rollback');
    await send(beginStatement(fence, 1_000));
    expect((await send(write(fence))).count).toBe(1);
    await sql.unsafe('rollback');
    expect((await send(write(fence))).count).toBe(0);
  });
}
