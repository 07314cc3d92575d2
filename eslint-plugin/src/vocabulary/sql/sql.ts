import { reachesPackage } from '../../program/imported-modules.js';
import type { ProgramContext } from '../../program/program-context.js';
import type ts from 'typescript';
import type { Effect, EffectNode } from '../effect.js';
import { toTransaction } from '../query/transaction.js';
import type { Resolver, Vocabulary } from '../vocabulary.js';
import { getCallEffect, SQL_CALLS, tablesNamed } from './sql-call.js';

const CLIENTS = [
  'pg',
  'postgres',
  'slonik',
  'pg-promise',
  'mysql2',
  '@neondatabase/serverless',
  '@vercel/postgres',
  'sequelize',
  '@mikro-orm/core',
  'typeorm',
  'objection',
];

/** Libraries that name a table as the database does, and take statements as well. */
const BY_TABLE = { drizzle: 'drizzle-orm', kysely: 'kysely', knex: 'knex' } as const;

/** Statements in SQL text: `pg`, `postgres`, slonik, and what the other libraries send as it is. */
export const sql: Vocabulary = {
  name: 'sql',
  methods: new Set([...SQL_CALLS, 'sql', 'transaction', 'begin', 'connect']),
  conflictErrors: new Set(['23505', 'UniqueIntegrityConstraintViolationError', 'ER_DUP_ENTRY']),
  appliesTo: (context, file) =>
    reachesPackage(context, file, [...CLIENTS, ...Object.values(BY_TABLE)]),
  recognise,
};

function recognise({ context }: Resolver, node: EffectNode): Effect | null {
  const { ts } = context;
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const { name } = node.expression;
    if (name.text === 'transaction' || name.text === 'begin') return toTransaction(context, node);
    if (!SQL_CALLS.includes(name.text)) return null;
  }
  return getCallEffect(context, node, tablesNamed(context, libraryOf(context, node)));
}

/** The library whose models the tables of a statement are. */
function libraryOf(context: ProgramContext, node: ts.Node): string {
  const file = node.getSourceFile();
  for (const [library, name] of Object.entries(BY_TABLE)) {
    if (reachesPackage(context, file, [name])) return library;
  }
  return 'sql';
}
