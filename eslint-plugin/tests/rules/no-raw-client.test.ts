import { describe } from 'vitest';
import { getRule, typedTester } from '../support/rule-tester.js';

const rule = getRule('no-raw-client');
const rawClient = (name: string, type: string, from: string) => ({
  messageId: 'rawClient' as const,
  data: { name, type, package: from, folders: '**/adapter, **/adapters' },
});

/** One value of each client that the rule knows and that can be installed here. */
const clients = [
  ["import postgres from 'postgres';", "postgres('')", 'Sql', 'postgres'],
  ["import pg from 'pg';", 'new pg.Pool()', 'Pool', 'pg'],
  ["import { Client } from 'pg';", 'new Client()', 'Client', 'pg'],
  ["import { createPool } from 'mysql2/promise';", "createPool('')", 'Pool', 'mysql2'],
  ["import Database from 'better-sqlite3';", "new Database('')", 'Database', 'better-sqlite3'],
  ["import { MongoClient } from 'mongodb';", "new MongoClient('')", 'MongoClient', 'mongodb'],
  ["import type { Collection } from 'mongodb';", 'null! as Collection', 'Collection', 'mongodb'],
  ["import { Redis } from 'ioredis';", 'new Redis()', 'Redis', 'ioredis'],
  ["import { createClient } from 'redis';", 'createClient()', 'RedisClientType', 'redis'],
  ["import knex from 'knex';", 'knex({})', 'Knex', 'knex'],
  [
    "import { Kysely } from 'kysely';",
    'null! as Kysely<{ t: { id: string } }>',
    'Kysely',
    'kysely',
  ],
  [
    "import { drizzle } from 'drizzle-orm/node-postgres';",
    "drizzle('')",
    'NodePgDatabase',
    'drizzle-orm',
  ],
  ["import { Sequelize } from 'sequelize';", "new Sequelize('')", 'Sequelize', 'sequelize'],
  ["import { DataSource } from 'typeorm';", 'null! as DataSource', 'DataSource', 'typeorm'],
  [
    "import { EntityManager } from '@mikro-orm/core';",
    'null! as EntityManager',
    'EntityManager',
    '@mikro-orm/core',
  ],
  [
    "import { PrismaClient } from '@prisma/client';",
    'new PrismaClient()',
    'PrismaClient',
    '@prisma/client',
  ],
  ["import { createPool } from 'slonik';", "await createPool('')", 'DatabasePool', 'slonik'],
] as const;

describe('every known client', () => {
  typedTester.run('no-raw-client', rule, {
    valid: [],
    invalid: clients.map(([declaration, value, type, from]) => ({
      code: `${declaration}\nexport const database = ${value};`,
      errors: [rawClient('database', type, from)],
    })),
  });
});

typedTester.run('no-raw-client', rule, {
  valid: [
    "import type { Sql } from 'postgres'; export interface Port { readonly sql: Sql }",
    "import { types } from 'pg'; types.setTypeParser(20, Number);",
    "import { ObjectId } from 'mongodb'; export const id = new ObjectId();",
    "import { sql, eq } from 'drizzle-orm'; export const now = sql`now()`; export { eq };",
    "import { limits } from './adapters/database.js'; export const { connections } = limits;",
    // They read only, in the store's own transactions.
    "import { kyselyOf } from '@justscale/runtime/kysely'; import type { Store } from '@justscale/runtime'; export const db = kyselyOf<{ t: { id: string } }>(null! as Store); export const all = () => db.selectFrom('t').selectAll().execute();",
    "import { drizzleOf } from '@justscale/runtime/drizzle'; import type { Store } from '@justscale/runtime'; export const db = drizzleOf(null! as Store); export const all = (n: never) => db.select().from(n);",
    {
      name: 'the transport of the signals: it keeps a client, and shows nobody any of it',
      code: `
import { postgresStore } from '@justscale/runtime/postgres';
import { redisSignals } from '@justscale/runtime/redis';
const signals = redisSignals('redis://localhost', { channel: 'app' });
export const store = postgresStore('postgres://localhost/app', { signals });
export const other = postgresStore('', { signals: redisSignals({ url: 'redis://localhost', socket: { connectTimeout: 1 } }) });`,
    },
    // A class of the same name that belongs to nobody's package.
    'class Pool { query() {} } export const pool = new Pool(); pool.query();',
    {
      name: 'the adapter folder',
      code: "import pg from 'pg'; export const pool = new pg.Pool();",
      options: [{ adapterFolders: ['.'] }],
    },
    {
      name: 'a package that the option ignores',
      code: "import { Redis } from 'ioredis'; export const redis = new Redis();",
      options: [{ ignorePackages: ['ioredis'] }],
    },
  ],
  invalid: [
    {
      name: 'injected, and used often: one report',
      code: `import type { Pool } from 'pg';
export class Accounts {
  constructor(private readonly pool: Pool) {}
  async all() { await this.pool.query('a'); return this.pool.query('b'); }
}`,
      errors: [{ ...rawClient('pool: Pool', 'Pool', 'pg'), line: 3 }],
    },
    {
      name: 'a parameter, behind an alias and a union',
      code: "import type { Pool } from 'pg'; type Db = Pool | null; export function f(db: Db) { return db?.query('x'); }",
      errors: [rawClient('db: Db', 'Pool', 'pg')],
    },
    {
      name: 'a generic',
      code: "import type { Sql } from 'postgres'; export async function f<T extends Sql>(sql: T) { await sql`x`; }",
      errors: [rawClient('sql: T', 'Sql', 'postgres')],
    },
    {
      name: 'a subclass',
      code: "import pg from 'pg'; class Traced extends pg.Pool {} export const pool = new Traced();",
      errors: [rawClient('pool', 'Pool', 'pg')],
    },
    {
      name: 'an instance that an adapter exports',
      code: "import { database } from './adapters/database.js'; export const rows = await database`select 1`;",
      errors: [rawClient('database', 'Sql', 'postgres')],
    },
    {
      name: 'reached through a wrapper of the adapter',
      code: "import { Connections } from './adapters/database.js'; export const rows = await new Connections().sql`select 1`;",
      errors: [rawClient('new Connections().sql', 'Sql', 'postgres')],
    },
    {
      name: 'destructured',
      code: "import { Connections } from './adapters/database.js'; const { sql } = new Connections(); await sql`select 1`;",
      errors: [rawClient('sql', 'Sql', 'postgres')],
    },
    {
      name: 're-exported',
      code: "export { database } from './adapters/database.js';",
      errors: [rawClient('database', 'Sql', 'postgres')],
    },
    {
      name: 'returned without a name',
      code: "import pg from 'pg'; export const connect = () => new pg.Pool();",
      errors: [rawClient('new pg.Pool()', 'Pool', 'pg')],
    },
    {
      name: "Prisma's raw methods",
      code: "import type { PrismaClient } from '@prisma/client'; export const f = (prisma: PrismaClient) => prisma.$queryRaw`select 1`;",
      errors: [rawClient('prisma: PrismaClient', 'PrismaClient', '@prisma/client')],
    },
    {
      name: 'a package of the option',
      code: "import { House } from 'house-database'; export const db = new House();",
      options: [{ clients: [{ package: 'house-database' }] }],
      errors: [rawClient('db', 'House', 'house-database')],
    },
  ],
});
