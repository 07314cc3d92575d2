import justscale from '@justscale/eslint-plugin';
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import { getRule, javascriptTester, typescriptTester } from '../support/rule-tester.js';

const rule = getRule('no-raw-client-import');
const rawClient = (name: string, from: string) => ({
  messageId: 'rawClient' as const,
  data: { name, package: from, folders: '**/adapter, **/adapters' },
});

const imports = [
  ["import postgres from 'postgres'; postgres();", 'postgres', 'postgres'],
  ["import { Pool } from 'pg'; new Pool();", 'Pool', 'pg'],
  ["import pg from 'pg'; new pg.Client();", 'pg.Client', 'pg'],
  ["import * as pg from 'pg'; new pg.Pool(); new pg.Pool();", 'pg.Pool', 'pg'],
  ["import { createPool } from 'slonik'; createPool();", 'createPool', 'slonik'],
  ["import mysql from 'mysql2/promise'; mysql.createPool();", 'mysql.createPool', 'mysql2'],
  ["import Database from 'better-sqlite3'; new Database();", 'Database', 'better-sqlite3'],
  ["import { MongoClient } from 'mongodb'; new MongoClient();", 'MongoClient', 'mongodb'],
  ["import Redis from 'ioredis'; new Redis();", 'Redis', 'ioredis'],
  ["import { createClient } from 'redis'; createClient();", 'createClient', 'redis'],
  ["import knex from 'knex'; knex({});", 'knex', 'knex'],
  ["import { Kysely as Database } from 'kysely'; new Database();", 'Database', 'kysely'],
  ["import { drizzle } from 'drizzle-orm/node-postgres'; drizzle();", 'drizzle', 'drizzle-orm'],
  [
    "import { PrismaClient } from '@prisma/client'; new PrismaClient();",
    'PrismaClient',
    '@prisma/client',
  ],
  ["import { Sequelize } from 'sequelize'; new Sequelize();", 'Sequelize', 'sequelize'],
  ["import { DataSource } from 'typeorm'; new DataSource();", 'DataSource', 'typeorm'],
  [
    "import { MikroORM } from '@mikro-orm/postgresql'; MikroORM.init();",
    'MikroORM',
    '@mikro-orm/postgresql',
  ],
  ["export { Pool } from 'pg';", 'Pool', 'pg'],
  ["export * from 'pg';", '*', 'pg'],
  ["export { default } from 'postgres';", 'default', 'postgres'],
  ["const { Pool } = require('pg'); new Pool();", 'Pool', 'pg'],
  ["const pg = require('pg'); new pg.Pool();", 'Pool', 'pg'],
  ["new (require('pg').Pool)();", 'Pool', 'pg'],
  ["const sql = require('postgres')('');", '*', 'postgres'],
  ["const { default: postgres } = await import('postgres');", 'default', 'postgres'],
  ['const { Pool } = await import(`pg`);', 'Pool', 'pg'],
  ["import('pg').then(({ Pool }) => new Pool());", 'Pool', 'pg'],
  ["import('pg').then(use);", '*', 'pg'],
] as const;

const constants = [
  "import { types } from 'pg'; types.setTypeParser(20, Number);",
  "import pg from 'pg'; pg.types.setTypeParser(20, Number);",
  "import { ObjectId } from 'mongodb'; new ObjectId();",
  "import { sql, eq } from 'drizzle-orm'; sql; eq;",
  "import { sql } from 'slonik'; sql;",
  "import { Entity } from 'typeorm'; Entity;",
  "import { Prisma } from '@prisma/client'; Prisma.sql;",
  "const { ObjectId } = require('mongodb');",
  "import { Sequelize } from 'sequelize'; Sequelize.literal('now()');",
  "import 'pg';",
  "require('./pg');",
  "import { Pool } from './pg'; new Pool();",
  "import { Pool } from 'undici'; new Pool('http://localhost');",
];

describe('JavaScript', () => {
  javascriptTester.run('no-raw-client-import', rule, {
    valid: [
      ...constants,
      {
        name: 'the default adapter folders',
        code: "import pg from 'pg'; new pg.Pool();",
        filename: 'src/adapters/postgres/pool.js',
      },
      {
        name: 'a test',
        code: "import pg from 'pg'; new pg.Pool();",
        filename: 'src/accounts.test.js',
      },
      {
        name: 'an adapter folder of the option',
        code: "import pg from 'pg'; new pg.Pool();",
        filename: 'docs/rules/a.js',
        options: [{ adapterFolders: ['{docs,eslint-plugin/docs}'] }],
      },
      {
        name: 'an ignored package',
        code: "import Redis from 'ioredis'; new Redis();",
        options: [{ ignorePackages: ['ioredis'] }],
      },
      {
        name: 'a client whose exports the option narrows',
        code: "import { Pool } from 'pg'; new Pool();",
        options: [{ clients: [{ package: 'pg', exports: ['Client'] }] }],
      },
    ],
    invalid: [
      ...imports.map(([code, name, from]) => ({ code, errors: [rawClient(name, from)] })),
      {
        name: 'a package of the option',
        code: "import { connect } from '@nats-io/transport-node'; connect();",
        options: [{ clients: [{ package: '@nats-io/transport-node' }] }],
        errors: [rawClient('connect', '@nats-io/transport-node')],
      },
      {
        name: 'a folder whose name only begins like an adapter folder',
        code: "import { Pool } from 'pg'; new Pool();",
        filename: 'src/adapters-old/pool.js',
        errors: [rawClient('Pool', 'pg')],
      },
    ],
  });
});

describe('TypeScript', () => {
  typescriptTester.run('no-raw-client-import', rule, {
    valid: [
      ...constants,
      "import type { Pool } from 'pg'; export type P = Pool;",
      "import { type Pool } from 'pg'; export type P = Pool;",
      "import { Pool } from 'pg'; export type P = Pool;",
      "import type pg from 'pg'; export type P = pg.Pool;",
      "export type { Pool } from 'pg';",
      "export { type Pool } from 'pg';",
      "export type * from 'pg';",
      "import type pg = require('pg'); export type P = pg.Pool;",
    ],
    invalid: [
      ...imports.map(([code, name, from]) => ({ code, errors: [rawClient(name, from)] })),
      {
        code: "import pg = require('pg'); new pg.Pool();",
        errors: [rawClient('pg.Pool', 'pg')],
      },
      {
        name: 'one of two specifiers is a type',
        code: "import { type PoolConfig, Pool } from 'pg'; export const p = (c: PoolConfig) => new Pool(c);",
        errors: [rawClient('Pool', 'pg')],
      },
    ],
  });
});

describe('options', () => {
  const lint = (options: object) =>
    new Linter({ cwd: import.meta.dirname }).verify("import 'pg';", [
      {
        plugins: { justscale: justscale },
        rules: { 'justscale/no-raw-client-import': ['error', options] },
      },
    ]);

  it('refuses an adapter folder that exists nowhere, and names it', () => {
    expect(() => lint({ adapterFolders: ['src/adaptors'] })).toThrow(
      /option `adapterFolders`: no folder matches "src\/adaptors"/,
    );
    expect(() => lint({ adapterFolders: ['**/adaptors/**'] })).toThrow(/"\*\*\/adaptors\/\*\*"/);
    expect(lint({ adapterFolders: ['../rules'] })).toEqual([]);
  });

  it('names an unknown option', () => {
    expect(() => lint({ adapterFolder: ['src'] })).toThrow(/"adapterFolder"/);
  });
});
