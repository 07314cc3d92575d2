import type ts from 'typescript';
import { reachesPackage } from '../../program/imported-modules.js';
import type { ProgramContext } from '../../program/program-context.js';
import { getMigratedTable } from '../../schema/program-schema.js';
import type { Effect, EffectNode } from '../effect.js';
import { getBuilderConditions, tableOf } from '../query/builder-conditions.js';
import { getChain, linkOf, type Chain } from '../query/chain.js';
import { getConstantText } from '../query/constant-text.js';
import { toTableEffect, type Query, type Table, type TableSlot } from '../query/query.js';
import { getNamedTable } from '../query/table-expression.js';
import { toTransaction } from '../query/transaction.js';
import { toPatch } from '../query/written-data.js';
import type { Resolver, Vocabulary } from '../vocabulary.js';
import { getObjectionTable } from './objection.js';

const READS = [
  'first',
  'select',
  'pluck',
  'from',
  'limit',
  'orderBy',
  'findById',
  'findOne',
  'query',
];
const COUNTS = ['count', 'countDistinct'];
const AGGREGATES = ['max', 'min', 'sum', 'avg', 'resultSize'];
const UPDATES = ['update', 'patch', 'increment', 'decrement'];
const FETCHED = ['patchAndFetchById', 'updateAndFetchById', 'patchAndFetch', 'updateAndFetch'];
const DELETES = ['del', 'delete', 'deleteById'];
const INSERTS = ['insert', 'insertAndFetch', 'insertGraph'];
const OTHERS = [
  'where',
  'andWhere',
  'orWhere',
  'whereIn',
  'whereNotIn',
  'whereNull',
  'whereNotNull',
  'whereNot',
  'whereRaw',
  'whereExists',
  'whereBetween',
  'whereLike',
  'whereILike',
  'having',
  'orderByRaw',
  'offset',
  'distinct',
  'modify',
  'modifyGraph',
  'withGraphFetched',
  'withGraphJoined',
  'timeout',
  'returning',
  'forUpdate',
  'forShare',
  'skipLocked',
  'noWait',
  'ignore',
  'merge',
  'onConflict',
  'join',
  'leftJoin',
  'innerJoin',
  'rightJoin',
  'joinRaw',
  'groupBy',
  'groupByRaw',
  'transacting',
  'throwIfNotFound',
  'transaction',
];

const VERBS = new Set([
  ...READS,
  ...COUNTS,
  ...AGGREGATES,
  ...UPDATES,
  ...FETCHED,
  ...DELETES,
  ...INSERTS,
  ...OTHERS,
]);

/** Queries of Knex, known by `knex('table')`, and of Objection's models. */
export const knex: Vocabulary = {
  name: 'knex',
  methods: VERBS,
  conflictErrors: new Set([
    '23505',
    'UNIQUE_CONSTRAINT_VIOLATION',
    'UniqueViolationError',
    'ER_DUP_ENTRY',
  ]),
  appliesTo: (context, file) => reachesPackage(context, file, ['knex', 'objection']),
  recognise,
};

function recognise({ context }: Resolver, node: EffectNode): Effect | null {
  if (!context.ts.isCallExpression(node)) return null;
  const chain = getChain(context, node);
  if (!chain) return null;
  if (chain.links.at(-1)?.name === 'transaction') return toTransaction(context, node);
  const table = tableIn(context, chain);
  return table && toTableEffect('knex', table, (known) => toQuery(context, chain, known));
}

/** The table that the first call names, or `from` and `into`. */
function tableIn(context: ProgramContext, chain: Chain): Table | TableSlot | null {
  const [first, ...further] = chain.links;
  if (!first) return null;
  if (first.name === 'query' || first.name === 'relatedQuery') {
    return chain.root ? getObjectionTable(context, chain.root) : null;
  }
  const named = linkOf(chain, 'from', 'into', 'table') ?? first;
  const isQuery = further.some(({ name }) => VERBS.has(name) || name === 'into');
  const text = isQuery ? textOf(context, named.args[0]) : null;
  if (text === null && isQuery && chain.root === null) return slotOf(context, named.args[0]);
  if (text === null || !/^[\w."]+(?:\s+(?:as\s+)?\w+)?$/i.test(text)) return null;
  const table = tableOf(text);
  return { model: `knex:${table}`, schema: getMigratedTable(context, table) };
}

/** The table that is handed to the code around a query, as in `(tx ?? db)(tableName)`. */
function slotOf(
  context: ProgramContext,
  node: ts.Expression | undefined,
): Table | TableSlot | null {
  const { ts, checker } = context;
  const named = getNamedTable(context, node);
  if (!named?.slot) return null;
  const type = checker.getTypeAtLocation(named.slot);
  const { flags } = checker.getBaseConstraintOfType(type) ?? type;
  return flags & (ts.TypeFlags.StringLike | ts.TypeFlags.Union) ? { slot: named.slot } : null;
}

/** The name of a table; of `{ t: 'table' }` too. */
function textOf(context: ProgramContext, node: ts.Expression | undefined): string | null {
  const { ts } = context;
  if (node && ts.isTemplateExpression(node)) {
    const [span] = node.templateSpans;
    return node.head.text === '' && span ? getConstantText(context, span.expression) : null;
  }
  return getConstantText(context, node);
}

function toQuery(context: ProgramContext, chain: Chain, table: Table): Query {
  const rows = getBuilderConditions(context, table.schema, chain);
  const outcome = linkOf(chain, 'returning') ? 'row' : 'count';
  const fetched = linkOf(chain, ...FETCHED);
  const update = linkOf(chain, ...UPDATES);
  const data = fetched?.args[fetched.name.endsWith('ById') ? 1 : 0] ?? update?.args[0] ?? null;
  if (fetched) {
    return { operation: 'update', table, rows, patch: toPatch(context, data), outcome: 'row' };
  }
  if (update) {
    const isCounter = update.name === 'increment' || update.name === 'decrement';
    const patch = isCounter ? null : toPatch(context, data);
    return { operation: 'update', table, rows, patch, outcome };
  }
  if (linkOf(chain, ...DELETES)) return { operation: 'delete', table, rows, patch: null, outcome };
  const insert = linkOf(chain, ...INSERTS);
  if (insert) {
    const conflict = linkOf(chain, 'ignore')
      ? 'ignores'
      : linkOf(chain, 'merge')
        ? 'updates'
        : 'throws';
    return { operation: 'insert', table, data: insert.args[0] ?? null, conflict };
  }
  return {
    operation: 'read',
    table,
    rows,
    result: resultOf(chain),
    lock: linkOf(chain, 'forUpdate', 'forShare')
      ? linkOf(chain, 'skipLocked', 'noWait')
        ? 'skips'
        : 'waits'
      : null,
  };
}

function resultOf(chain: Chain): 'one' | 'many' | 'count' | 'aggregate' {
  const grouped = linkOf(chain, 'groupBy') !== undefined;
  if (linkOf(chain, ...COUNTS) && !grouped) return 'count';
  if (linkOf(chain, ...AGGREGATES) && !grouped) return 'aggregate';
  return linkOf(chain, 'first', 'findById', 'findOne') ? 'one' : 'many';
}
