import type ts from 'typescript';
import type { BinaryOperator, Expr } from 'pgsql-ast-parser';
import type { TableSchema } from '../../schema/table-schema.js';
import type { Comparison, FieldCondition, Where } from '../effect.js';

/** What a statement's names and parameters stand for. */
export interface SqlNames {
  /** The field of the code that a column is. */
  fieldOf(column: string): string;
  /** The expression of the program behind `$1`. */
  valueOf(parameter: string): ts.Expression | null;
  readonly table: TableSchema | null;
}

const COMPARISONS: Partial<Record<BinaryOperator, Comparison>> = {
  '=': 'equal',
  '!=': 'unequal',
  '<': 'less',
  '<=': 'less',
  '>': 'more',
  '>=': 'more',
  IN: 'one of',
};

/** The rows that a `where` chooses: all of its comparisons hold. */
export function getSqlWhere(expression: Expr | null | undefined, names: SqlNames): Where {
  const conditions = expression ? conditionsOf(expression, names) : [];
  const isEqual = (field: string): boolean =>
    conditions.some(
      (one) => one.field === field && one.comparison === 'equal' && one.value !== null,
    );
  const keys = names.table?.keys ?? [{ fields: ['id'], isPrimary: true, condition: null }];
  const key = keys.find(({ condition, fields }) => condition === null && fields.every(isEqual));
  const [idField = 'id'] = keys.find(({ isPrimary }) => isPrimary)?.fields ?? [];
  return { conditions, key: key?.fields ?? null, idField, rest: [] };
}

function conditionsOf(expression: Expr, names: SqlNames): readonly FieldCondition[] {
  if (expression.type === 'binary' && expression.op === 'AND') {
    return [...conditionsOf(expression.left, names), ...conditionsOf(expression.right, names)];
  }
  if (expression.type === 'binary') {
    const { left, right, op } = expression;
    const comparison = COMPARISONS[op] ?? 'other';
    if (left.type === 'ref') return [condition(left.name, comparison, right, names)];
    if (right.type === 'ref' && op === '=') return [condition(right.name, 'equal', left, names)];
  }
  if (expression.type === 'unary' && expression.operand.type === 'ref') {
    return [{ field: names.fieldOf(expression.operand.name), comparison: 'other', value: null }];
  }
  return [];
}

function condition(
  column: string,
  comparison: Comparison,
  value: Expr,
  names: SqlNames,
): FieldCondition {
  // `id = any($1)` is one of a list.
  const isAny = value.type === 'call' && value.function.name === 'any';
  return {
    field: names.fieldOf(column),
    comparison: isAny ? 'one of' : comparison,
    value: getSqlValue(isAny ? value.args[0] : value, names),
  };
}

/** The expression of the program that a part of a statement is; `null` for what the database computes. */
export function getSqlValue(value: Expr | undefined, names: SqlNames): ts.Expression | null {
  if (value?.type === 'cast') return getSqlValue(value.operand, names);
  return value?.type === 'parameter' ? names.valueOf(value.name) : null;
}
