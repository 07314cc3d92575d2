import type ts from 'typescript';
import { reachesPackage } from '../../program/imported-modules.js';
import type { ProgramContext } from '../../program/program-context.js';
import { keysOf } from '../../schema/primary-key.js';
import { getObjectConditions } from '../query/object-conditions.js';
import type { Effect, EffectNode } from '../effect.js';
import { getOption, getOptions } from '../object-options.js';
import { argumentsOf, getChain, linkOf, type Chain } from '../query/chain.js';
import { toEffect, type Query, type Table } from '../query/query.js';
import { getOrder } from '../query/methods.js';
import { toPatch } from '../query/written-data.js';
import { toTransaction } from '../query/transaction.js';
import type { Resolver, Vocabulary } from '../vocabulary.js';
import { getDrizzleTable } from './drizzle-tables.js';
import { findTable } from './drizzle-relational.js';
import { getDrizzleConditions } from './drizzle-where.js';

const PACKAGES = ['drizzle-orm'];

/** What the last call of a query can be. */
const LINKS = [
  'from',
  'where',
  'limit',
  'offset',
  'orderBy',
  'groupBy',
  'having',
  'innerJoin',
  'leftJoin',
  'rightJoin',
  'fullJoin',
  'crossJoin',
  'innerJoinLateral',
  'leftJoinLateral',
  'for',
  'set',
  'values',
  'returning',
  'onConflictDoNothing',
  'onConflictDoUpdate',
  'onDuplicateKeyUpdate',
  'delete',
  'execute',
  'get',
  'all',
  'run',
  '$dynamic',
  '$returningId',
  'findFirst',
  'findMany',
  '$count',
  'transaction',
];

/** Queries of `drizzle-orm`, known by the tables that they name. */
export const drizzle: Vocabulary = {
  name: 'drizzle',
  methods: new Set(LINKS),
  conflictErrors: new Set(['23505', 'isUniqueViolation', 'ER_DUP_ENTRY', 'SQLITE_CONSTRAINT']),
  appliesTo: (context, file) => reachesPackage(context, file, PACKAGES),
  recognise,
};

function recognise({ context }: Resolver, node: EffectNode): Effect | null {
  if (!context.ts.isCallExpression(node)) return null;
  const chain = getChain(context, node);
  const [first] = chain?.links ?? [];
  if (!chain || !first) return null;
  if (linkOf(chain, 'transaction') === chain.links.at(-1)) return toTransaction(context, node);
  const query = toQuery(context, chain);
  return query && (upsertEffect(context, chain, query) ?? toEffect(query));
}

function toQuery(context: ProgramContext, chain: Chain): Query | null {
  const operation = linkOf(chain, 'update', 'delete', 'insert', 'from', '$count');
  const named = operation?.args[0];
  const table = named ? getDrizzleTable(context, named) : null;
  if (!operation || !table) return relational(context, chain);
  const [where] = argumentsOf(chain, 'where').flat();
  const rows = getDrizzleConditions(
    context,
    operation.name === '$count' ? operation.args[1] : where,
  );
  const outcome = linkOf(chain, 'returning') ? 'row' : 'count';
  switch (operation.name) {
    case 'update': {
      const [data = null] = linkOf(chain, 'set')?.args ?? [];
      const patch = toPatch(context, data);
      return { operation: 'update', table, rows, patch, outcome };
    }
    case 'delete':
      return { operation: 'delete', table, rows, patch: null, outcome };
    case 'insert': {
      const [data = null] = linkOf(chain, 'values')?.args ?? [];
      return { operation: 'insert', table, data, conflict: conflictOf(chain) };
    }
    case '$count':
      return { operation: 'read', table, rows, result: 'count' };
    default:
      return select(context, chain, table, rows);
  }
}

function select(
  context: ProgramContext,
  chain: Chain,
  table: Table,
  rows: ReturnType<typeof getDrizzleConditions>,
): Query {
  const order = argumentsOf(chain, 'orderBy')
    .flat()
    .flatMap((term) => getOrder(context, term));
  const lock = linkOf(chain, 'for');
  return {
    operation: 'read',
    table,
    rows,
    result: resultOf(context, chain),
    order,
    lock: lock
      ? /skipLocked|noWait/.test(lock.args[1]?.getText() ?? '')
        ? 'skips'
        : 'waits'
      : null,
  };
}

/** `select({ n: count() })` returns one row, which is a number. */
function resultOf(context: ProgramContext, chain: Chain): 'many' | 'count' | 'aggregate' {
  const [columns] = linkOf(chain, 'select')?.args ?? [];
  const options = getOptions(context, columns);
  const text = options?.properties.length === 1 ? options.getText() : '';
  if (/\bcount(?:Distinct)?\s*(?:<[^>]*>)?\(|\bcount\s*\(/i.test(text)) return 'count';
  return /\b(?:sum|max|min|avg)\s*(?:<[^>]*>)?\(/i.test(text) ? 'aggregate' : 'many';
}

/** An insert that updates the row that has the key: `.onConflictDoUpdate({ target, set })`. */
function upsertEffect(context: ProgramContext, chain: Chain, query: Query): Effect | null {
  const options = linkOf(chain, 'onConflictDoUpdate', 'onDuplicateKeyUpdate')?.args[0];
  const set = getOption(context, getOptions(context, options), 'set');
  if (query.operation !== 'insert' || !set) return null;
  const { table, data } = query;
  const { conditions } = getObjectConditions(context, null, data);
  const keys = new Set(keysOf(table.schema).flatMap(({ fields }) => fields));
  const rows = { conditions: conditions.filter(({ field }) => keys.has(field)), rest: [] };
  const patch = toPatch(context, set);
  return {
    kind: 'sequence',
    effects: [
      toEffect(query),
      toEffect({ operation: 'update', table, rows, patch, outcome: 'nothing' }),
    ],
  };
}

function conflictOf(chain: Chain): 'throws' | 'ignores' | 'updates' {
  if (linkOf(chain, 'onConflictDoNothing')) return 'ignores';
  return linkOf(chain, 'onConflictDoUpdate', 'onDuplicateKeyUpdate') ? 'updates' : 'throws';
}

/** `db.query.users.findFirst({ where: … })` */
function relational(context: ProgramContext, { root, links }: Chain): Query | null {
  const { ts } = context;
  const [link] = links;
  if (links.length !== 1 || !link || !root || !ts.isPropertyAccessExpression(root)) return null;
  if (link.name !== 'findFirst' && link.name !== 'findMany') return null;
  const owner: ts.Expression = root.expression;
  if (!ts.isPropertyAccessExpression(owner) || owner.name.text !== 'query') return null;
  const table = findTable(context, root.name.text);
  const where = getOption(context, getOptions(context, link.args[0]), 'where');
  return (
    table && {
      operation: 'read',
      table,
      rows: getDrizzleConditions(context, where),
      result: link.name === 'findFirst' ? 'one' : 'many',
    }
  );
}
