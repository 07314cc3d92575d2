import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import type { TableSchema } from '../../schema/table-schema.js';
import { getOption, getOptions } from '../object-options.js';
import type { Effect, Outcome, Patch, ReadEffect, Rows } from '../effect.js';
import { getAtomicFields } from './prisma-data.js';
import { getWhere } from './prisma-where.js';

type Parts = Pick<ReadEffect, 'others'>;

const READS: Readonly<Record<string, ReadEffect['result']>> = {
  findUnique: 'one',
  findUniqueOrThrow: 'one',
  findFirst: 'one',
  findFirstOrThrow: 'one',
  findMany: 'many',
  count: 'count',
  aggregate: 'aggregate',
  groupBy: 'aggregate',
};

const UPDATES: Readonly<Record<string, Outcome>> = {
  update: 'throws',
  updateMany: 'count',
  updateManyAndReturn: 'row',
};

const DELETES: Readonly<Record<string, Outcome>> = { delete: 'throws', deleteMany: 'count' };

const INSERTS: ReadonlySet<string> = new Set(['create', 'createMany', 'createManyAndReturn']);

/** The methods of `client.user` and its like. */
export const DELEGATE_METHODS: readonly string[] = [
  ...Object.keys(READS),
  ...Object.keys(UPDATES),
  ...Object.keys(DELETES),
  ...INSERTS,
  'upsert',
];

/** The name of a model, as the flow analysis knows it. */
export function modelOf({ name }: Pick<TableSchema, 'name'>): string {
  return `prisma:${name}`;
}

/** What a call of a model's method does. */
export function toEffect(
  context: ProgramContext,
  method: string,
  table: TableSchema,
  node: ts.CallExpression,
): Effect | null {
  const [argument] = node.arguments;
  const options = getOptions(context, argument);
  const option = (name: string): ts.Expression | null => getOption(context, options, name);
  const model = modelOf(table);
  const rows: Rows = { kind: 'where', where: getWhere(context, table, option('where')) };
  // What is not written as an object may hold anything: it runs, and that is all.
  const parts: Parts = { others: argument && !options ? [argument] : [] };
  const patchOf = (data: ts.Expression | null): Patch | null =>
    data && { kind: 'object', node: data, atomic: getAtomicFields(context, data) };

  const result = READS[method];
  if (result !== undefined) {
    return {
      kind: 'read',
      result,
      model,
      rows,
      order: getOrder(context, option('orderBy')),
      ...parts,
    };
  }
  const update = UPDATES[method];
  if (update !== undefined) {
    const patch = patchOf(option('data'));
    return { kind: 'write', operation: 'update', model, rows, patch, outcome: update, ...parts };
  }
  const deletion = DELETES[method];
  if (deletion !== undefined) {
    return {
      kind: 'write',
      operation: 'delete',
      model,
      rows,
      patch: null,
      outcome: deletion,
      ...parts,
    };
  }
  if (INSERTS.has(method)) {
    const conflict = option('skipDuplicates') ? 'ignores' : 'throws';
    return { kind: 'insert', model, data: option('data') ?? argument ?? null, conflict, ...parts };
  }
  if (method !== 'upsert') return null;
  return {
    kind: 'sequence',
    effects: [
      { kind: 'insert', model, data: option('create'), conflict: 'updates', others: [] },
      {
        kind: 'write',
        operation: 'update',
        model,
        rows,
        patch: patchOf(option('update')),
        outcome: 'nothing',
        ...parts,
      },
    ],
  };
}

/** The fields of `orderBy: { createdAt: 'desc' }`, or of a list of such objects. */
function getOrder({ ts }: ProgramContext, node: ts.Expression | null): readonly string[] {
  if (node === null) return [];
  const terms = ts.isArrayLiteralExpression(node) ? node.elements : [node];
  return terms.flatMap((term) =>
    ts.isObjectLiteralExpression(term)
      ? term.properties.flatMap(({ name }) => (name ? [name.getText()] : []))
      : [],
  );
}
