import { describe, expect, it } from 'vitest';
import { readSqlSchema } from '#dist/schema/sql-schema.js';
import { splitStatements } from '#dist/schema/sql-statements.js';
import { withPartialKeysOf, type TableSchema } from '#dist/schema/table-schema.js';

function tableOf(name: string, ...scripts: string[]): TableSchema | undefined {
  return readSqlSchema(scripts).tables.find((table) => table.table === name);
}

describe('splitStatements', () => {
  it('leaves semicolons in texts, names, comments and bodies alone', () => {
    const script = `
      select 'it''s; fine', "a;b"; -- one; comment
      /* two; */ create function f() returns int as $body$ begin; end; $body$ language sql;
      select $1`;
    expect(splitStatements(script)).toEqual([
      `select 'it''s; fine', "a;b"`,
      'create function f() returns int as $body$ begin; end; $body$ language sql',
      'select $1',
    ]);
  });

  it('ends at the end of a script that ends inside a text', () => {
    expect(splitStatements(`select 1; select 'open`)).toEqual(['select 1', `select 'open`]);
  });
});

describe('readSqlSchema', () => {
  it('reads columns and keys', () => {
    const table = tableOf(
      'seat',
      `create table "public"."seat" (
        id serial primary key, /* a number */
        show_id uuid not null,
        label varchar(10) not null default '',
        tags text[],
        holder text unique,
        constraint seat_label unique (show_id, label)
      )`,
    );
    expect(table?.keys.map(({ fields, isPrimary }) => [fields, isPrimary])).toEqual([
      [['id'], true],
      [['holder'], false],
      [['show_id', 'label'], false],
    ]);
    expect(table?.fields.get('id')).toMatchObject({ hasDefault: true, isNullable: false });
    expect(table?.fields.get('tags')).toMatchObject({
      isList: true,
      isNullable: true,
      type: 'text',
    });
  });

  it('follows what later migrations add, rename and drop', () => {
    const table = tableOf(
      'member',
      'create table person (id text primary key, mail text, team text)',
      'create unique index person_mail on person (mail); create index person_team on person (team);',
      'alter table person rename to member',
      'alter table member rename column mail to email',
      'alter table member add constraint one_team unique (team)',
      'alter table member drop constraint one_team',
      'drop index if exists nothing',
    );
    expect(table?.keys.map(({ fields }) => fields)).toEqual([['id'], ['email']]);
    expect([...(table?.fields.keys() ?? [])]).toEqual(['id', 'team', 'email']);
    expect(
      tableOf(
        'a',
        'create table a (id text, b text); create unique index i on a (b)',
        'drop index i',
      )?.keys,
    ).toEqual([]);
  });

  it('reads which rows a partial key keeps apart', () => {
    const table = tableOf(
      'run',
      `create table run (id text primary key, job text, state text, done_at timestamptz);
       create unique index a on run (job) where done_at is null and state = 'active'::text;
       create unique index b on run (job) where length(job) > 3;
       create unique index c on run (lower(job));`,
    );
    expect(table?.keys.slice(1).map(({ condition }) => condition)).toEqual([
      [
        { field: 'done_at', is: 'null' },
        { field: 'state', is: '=', value: 'active' },
      ],
      'unknown',
    ]);
  });

  it('passes over what it cannot read', () => {
    const table = tableOf(
      'kept',
      'create table kept (id text primary key); alter table ${name} enable row level security;',
      'not sql at all; create table broken (; drop table missing',
    );
    expect(table?.keys).toHaveLength(1);
  });
});

describe('withPartialKeysOf', () => {
  it('adds the partial keys by the names of the code, and no other', () => {
    const { tables: migrated } = readSqlSchema([
      `create table runs (id text, job_id text, done_at date);
       create unique index full_key on runs (job_id);
       create unique index active on runs (job_id) where done_at is null`,
    ]);
    const field = (name: string, column: string) =>
      [
        name,
        { name, column, type: 'text', isList: false, isNullable: true, hasDefault: false },
      ] as const;
    const run: TableSchema = {
      name: 'Run',
      table: 'runs',
      fields: new Map([field('jobId', 'job_id'), field('doneAt', 'done_at')]),
      keys: [],
    };
    expect(withPartialKeysOf([run], migrated)[0]?.keys).toEqual([
      {
        name: 'active',
        fields: ['jobId'],
        isPrimary: false,
        condition: [{ field: 'doneAt', is: 'null' }],
      },
    ]);
  });
});
