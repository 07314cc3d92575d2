import { areIndependent, footprintOf, type Footprint } from '#dist/replay/schedule/footprint.js';
import { isLocalStatement } from '#dist/replay/proxy/local-statements.js';
import { expect, test } from 'vitest';

test.each([
  'begin',
  "begin isolation level read committed; select set_config('lock_timeout', '100', true)",
  'set local lock_timeout to default',
  'select 1',
  'select b.oid from pg_catalog.pg_type a left join pg_catalog.pg_type b on b.oid = a.typelem',
  "with recursive base (oid) as (select attrelid from pg_attribute where attrelid = to_regclass('a') union all select typbasetype from base join pg_type as d on d.oid = base.oid) select * from base",
  "select c.relname from pg_class c, lateral unnest(c.relacl) with ordinality as p (part) where c.oid = 'account'::regclass",
])('touches no row that others see: %s', (sql) => {
  expect(isLocalStatement(sql, false)).toBe(true);
});

test.each([
  'select balance from account',
  'select * from pg_class, account',
  'select * from pg_class join account on true',
  'with x as (select 1 from account) select * from x, pg_type',
  'with x as (insert into account values (1) returning id) select * from x, pg_type',
  "begin; update account set balance = 1 where name = 'a;b'",
  "select pg_advisory_lock(oid::bigint) from pg_class where relname = 'account'",
  'commit',
])('has a turn of its own: %s', (sql) => {
  expect(isLocalStatement(sql, false)).toBe(false);
});

const relations = {
  parents: new Map([
    ['account', new Set<string>()],
    ['entry', new Set(['account'])],
    ['other', new Set<string>()],
  ]),
  children: new Map([
    ['account', new Set(['entry'])],
    ['entry', new Set<string>()],
    ['other', new Set<string>()],
  ]),
};
const footprint = (sql: string, inTransaction = true): Footprint =>
  footprintOf(sql, relations, inTransaction);
const READ = 'select balance from account where id = 1';
const WRITE = 'update account set balance = 1 where id = 1';

test.each<[string, Footprint, Footprint, boolean]>([
  ['two reads', footprint(READ), footprint(READ), true],
  ['a read and a write that is not committed', footprint(READ), footprint(WRITE), true],
  ['a read and a write that is', footprint(READ), footprint(WRITE, false), false],
  ['a locking read and a write', footprint(`${READ} for update`), footprint(WRITE), false],
  ['writes of two tables', footprint('update other set a = 1'), footprint(WRITE), true],
  [
    'a write and one that refers to it',
    footprint('insert into entry values (1)'),
    footprint(WRITE),
    false,
  ],
  ['a function that is not known', footprint('select f() from account'), footprint(READ), false],
  ['a table that is not known', footprint('update seen set a = 1'), footprint(WRITE), false],
  ['what cannot be read', footprint('merge into account using'), footprint(READ), false],
])('%s: independent or not', (_, one, other, independent) => {
  expect(areIndependent(one, other)).toBe(independent);
  expect(areIndependent(other, one)).toBe(independent);
});
