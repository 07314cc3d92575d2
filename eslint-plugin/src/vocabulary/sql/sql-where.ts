import type ts from 'typescript';
import { parseSql } from './parse-sql.js';
import type { BinaryOperator, Expr, ExprRef } from 'pgsql-ast-parser';
import type { TableSchema } from '../../schema/table-schema.js';
import { whereOf } from '../query/conditions.js';
import { isListOfTheProgram } from './template-text.js';
import type { Comparison, FieldCondition, Where } from '../effect.js';

/** What a statement's names and parameters stand for. */
export interface SqlNames {
  /** The field of the code that a column is. */
  fieldOf(column: string): string;
  /** The expression of the program behind `$1`. */
  valueOf(parameter: string): ts.Expression | null;
  readonly table: TableSchema | null;
  /** What the statement calls the table, if it says so. */
  readonly alias?: string | undefined;
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
  const all = expression ? conditionsOf(expression, names) : [];
  const conditions = all.filter(({ field }) => !isListOfTheProgram(field));
  const rest = all.flatMap(({ field, value }) =>
    isListOfTheProgram(field) && value ? [value] : [],
  );
  return whereOf(names.table, { conditions, rest });
}

/** The conditions of a part of a statement, such as `user.id = :id AND user.role = :role`. */
export function getConditionsOfText(
  text: string,
  table: TableSchema | null,
  valueOf: (parameter: string) => ts.Expression | null,
  alias?: string,
): readonly FieldCondition[] {
  const parameters: string[] = [];
  // An alias may be a word of SQL's own, such as `order`, and a column is named as the code names it.
  const quoted = text.replace(/(?<![:\w"'.])([A-Za-z_]\w*)\.(\w+)/g, '"$1"."$2"');
  const numbered = quoted.replace(/(?<!:):(?:\.\.\.)?(\w+)/g, (_, name: string) => {
    parameters.push(name);
    return `$${String(parameters.length)}`;
  });
  const [statement] = parseSql(`select 1 where ${numbered}`) ?? [];
  if (statement?.type !== 'select' || !statement.where) return [];
  return conditionsOf(statement.where, {
    table,
    alias,
    fieldOf: (column) => column,
    valueOf: (parameter) => valueOf(parameters[Number(parameter.slice(1)) - 1] ?? ''),
  });
}

function conditionsOf(expression: Expr, names: SqlNames): readonly FieldCondition[] {
  if (expression.type === 'binary' && expression.op === 'AND') {
    return [...conditionsOf(expression.left, names), ...conditionsOf(expression.right, names)];
  }
  if (expression.type === 'binary') {
    const { left, right, op } = expression;
    const comparison = COMPARISONS[op] ?? 'other';
    if (left.type === 'ref') return [condition(columnOf(left, names), comparison, right, names)];
    if (right.type === 'ref' && op === '=') {
      return [condition(columnOf(right, names), 'equal', left, names)];
    }
  }
  if (expression.type === 'unary' && expression.operand.type === 'ref') {
    return [{ field: names.fieldOf(expression.operand.name), comparison: 'other', value: null }];
  }
  return [];
}

/** A column of another table that is joined keeps the name of that. */
function columnOf({ table, name }: ExprRef, { alias }: SqlNames): string {
  const isOther = table !== undefined && alias !== undefined && table.name !== alias;
  return isOther ? `${table.name}.${name}` : name;
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
    ...getSqlPart(isAny ? value.args[0] : value, names),
  };
}

/** What a part of a statement is: an expression of the program, a constant, or something that the database computes. */
export function getSqlPart(
  part: Expr | undefined,
  names: SqlNames,
): { readonly value: ts.Expression | null; readonly literal?: string } {
  const literal = part && getLiteral(part);
  return { value: getSqlValue(part, names), ...(literal != null && { literal }) };
}

function getLiteral(part: Expr): string | null {
  switch (part.type) {
    case 'cast':
      return getLiteral(part.operand);
    case 'string':
    case 'integer':
    case 'numeric':
    case 'boolean':
      return String(part.value);
    default:
      return null;
  }
}

/** The expression of the program that a part of a statement is; `null` for what the database computes. */
export function getSqlValue(value: Expr | undefined, names: SqlNames): ts.Expression | null {
  if (value?.type === 'cast') return getSqlValue(value.operand, names);
  return value?.type === 'parameter' ? names.valueOf(value.name) : null;
}
