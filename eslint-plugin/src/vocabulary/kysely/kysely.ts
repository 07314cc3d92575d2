import type ts from 'typescript';
import { reachesPackage } from '../../program/imported-modules.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getMigratedTable } from '../../schema/program-schema.js';
import type { Effect, EffectNode, Patch } from '../effect.js';
import { getBuilderConditions, tableOf } from '../query/builder-conditions.js';
import { argumentsOf, getChain, linkOf, type Chain } from '../query/chain.js';
import { getConstantText } from '../query/constant-text.js';
import { toTableEffect, type Query, type Table, type TableSlot } from '../query/query.js';
import { getNamedTable } from '../query/table-expression.js';
import { isolationOf } from '../query/transaction.js';
import { isComputed, toPatch } from '../query/written-data.js';
import type { Resolver, Vocabulary } from '../vocabulary.js';

const STARTS = [
  'selectFrom',
  'insertInto',
  'updateTable',
  'deleteFrom',
  'replaceInto',
  'mergeInto',
];
const ENDS = ['execute', 'executeTakeFirst', 'executeTakeFirstOrThrow', 'stream'];

/** Queries of Kysely, known by how they begin: `selectFrom('table')`. */
export const kysely: Vocabulary = {
  name: 'kysely',
  methods: new Set(ENDS),
  conflictErrors: new Set(['23505', 'ER_DUP_ENTRY', 'isUniqueViolation']),
  appliesTo: (context, file) => reachesPackage(context, file, ['kysely']),
  recognise,
};

function recognise({ context }: Resolver, node: EffectNode): Effect | null {
  if (!context.ts.isCallExpression(node)) return null;
  const chain = getChain(context, node);
  if (!chain) return null;
  const transaction = linkOf(chain, 'transaction', 'startTransaction');
  if (transaction && chain.links.at(-1)?.name === 'execute') {
    const [work = null] = chain.links.at(-1)?.args ?? [];
    const [level] = argumentsOf(chain, 'setIsolationLevel').flat();
    const isolation = isolationOf(level?.getText() ?? '');
    return { kind: 'transaction', work, clientParameter: 0, isolation, others: [] };
  }
  const start = linkOf(chain, ...STARTS);
  const table = start && tableIn(context, firstOf(context, start.args[0]));
  if (!start || !table) return null;
  return toTableEffect('kysely', table, (known) => toQuery(context, chain, start.name, known));
}

/** The table that is written there, or what has to be handed in. */
function tableIn(
  context: ProgramContext,
  node: ts.Expression | undefined,
): Table | TableSlot | null {
  const name = getConstantText(context, node);
  if (name === null) {
    const slot = getNamedTable(context, node)?.slot;
    return slot ? { slot } : null;
  }
  const table = tableOf(name);
  return { model: `kysely:${table}`, schema: getMigratedTable(context, table) };
}

/** `selectFrom(['users', 'teams'])` begins with the first. */
function firstOf({ ts }: ProgramContext, node: ts.Expression | undefined) {
  return node && ts.isArrayLiteralExpression(node) ? node.elements[0] : node;
}

function toQuery(context: ProgramContext, chain: Chain, start: string, table: Table): Query {
  const rows = getBuilderConditions(context, table.schema, chain);
  const outcome = linkOf(chain, 'returning', 'returningAll')
    ? 'row'
    : linkOf(chain, 'executeTakeFirstOrThrow')
      ? 'throws'
      : 'count';
  switch (start) {
    case 'updateTable':
      return { operation: 'update', table, rows, patch: patchOf(context, chain), outcome };
    case 'deleteFrom':
      return { operation: 'delete', table, rows, patch: null, outcome };
    case 'insertInto':
    case 'replaceInto':
    case 'mergeInto': {
      const [data = null] = linkOf(chain, 'values')?.args ?? [];
      return { operation: 'insert', table, data, conflict: conflictOf(chain) };
    }
    default: {
      const isOne = linkOf(chain, 'executeTakeFirst', 'executeTakeFirstOrThrow') !== undefined;
      return {
        operation: 'read',
        table,
        rows,
        result: aggregateOf(chain) ?? (isOne ? 'one' : 'many'),
        lock: linkOf(chain, 'forUpdate', 'forNoKeyUpdate', 'forShare')
          ? linkOf(chain, 'skipLocked', 'noWait')
            ? 'skips'
            : 'waits'
          : null,
      };
    }
  }
}

/** `set({ … })`, or `set('field', value)` again and again. */
function patchOf(context: ProgramContext, chain: Chain): Patch | null {
  const sets = argumentsOf(chain, 'set');
  const fields = sets.flatMap(([field, value]) => {
    const name = value && getConstantText(context, field);
    return name == null || !value
      ? []
      : [{ field: name, value: isComputed(context, value) ? null : value }];
  });
  if (fields.length > 0) return { kind: 'fields', fields };
  const [data] = sets[0] ?? [];
  return toPatch(context, data ? returnedBy(context, data) : null);
}

/** The object that `(eb) => ({ … })` returns. */
function returnedBy(context: ProgramContext, node: ts.Expression): ts.Expression {
  const { ts } = context;
  return ts.isArrowFunction(node) && !ts.isBlock(node.body)
    ? unwrapExpression(context, node.body)
    : node;
}

function conflictOf(chain: Chain): 'throws' | 'ignores' | 'updates' {
  const conflict = linkOf(chain, 'onConflict', 'onDuplicateKeyUpdate', 'ignore');
  if (!conflict) return 'throws';
  const text = conflict.args[0]?.getText() ?? '';
  return conflict.name === 'ignore' || text.includes('doNothing') ? 'ignores' : 'updates';
}

function aggregateOf(chain: Chain): 'count' | 'aggregate' | null {
  if (linkOf(chain, 'groupBy')) return null;
  const selected = argumentsOf(chain, 'select').flat();
  const text = selected.map((one) => one.getText()).join();
  if (selected.length === 1 && /\bcount(?:All|Distinct)?\b/i.test(text)) return 'count';
  return selected.length === 1 && /\b(?:max|min|sum|avg)\s*(?:<[^>]*>)?\(/i.test(text)
    ? 'aggregate'
    : null;
}
