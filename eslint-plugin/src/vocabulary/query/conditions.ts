import type ts from 'typescript';
import { idFieldOf, keysOf } from '../../schema/primary-key.js';
import type { TableSchema } from '../../schema/table-schema.js';
import type { Comparison, FieldCondition, Where } from '../effect.js';

/** Conditions that all have to hold, and parts that choose rows in another way. */
export interface Conditions {
  readonly conditions: FieldCondition[];
  readonly rest: ts.Expression[];
}

export function noConditions(): Conditions {
  return { conditions: [], rest: [] };
}

/** The rows of a table that meet some conditions. */
export function whereOf(table: TableSchema | null, { conditions, rest }: Conditions): Where {
  const keys = keysOf(table).flatMap(({ condition, fields }) =>
    condition === null ? [fields] : [],
  );
  return { conditions, rest, keys, idField: idFieldOf(table) };
}

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '=': 'equal',
  '==': 'equal',
  eq: 'equal',
  equal: 'equal',
  equals: 'equal',
  is: 'equal',
  isnull: 'equal',
  '!=': 'unequal',
  '<>': 'unequal',
  ne: 'unequal',
  neq: 'unequal',
  not: 'unequal',
  isnotnull: 'unequal',
  isnot: 'unequal',
  '<': 'less',
  '<=': 'less',
  lt: 'less',
  lte: 'less',
  lessthan: 'less',
  lessthanorequal: 'less',
  '>': 'more',
  '>=': 'more',
  gt: 'more',
  gte: 'more',
  morethan: 'more',
  morethanorequal: 'more',
  in: 'one of',
  inarray: 'one of',
};

/** How an operator compares, as the libraries write it: `lt`, `$lt`, `Op.lt`, `LessThan`, `<`. `null` for no operator. */
export function comparisonOf(operator: string): Comparison | null {
  const name = operator.replace(/^(?:\$|Op\.)/, '').replaceAll(' ', '');
  return COMPARISONS[name.toLowerCase()] ?? null;
}
