import { isAbsent } from '../adapter/in-process/value-order.js';
import type { FieldCondition } from '../adapter/query.js';
import { writeArrayLiteral } from './array-literal.js';
import { castName, isFinerThanDate, isInteger, isJson, isText, Oid } from './column-types.js';
import { orderable } from './column-sql.js';
import type { Column } from './field-columns.js';
import { isIdOf } from './id-values.js';
import type { Parameters } from './statement.js';
import { valueProblem, valueText, wholeBelow } from './value-text.js';

type OrderOperator = Exclude<FieldCondition['is'], 'eq' | 'not' | 'oneOf' | 'noneOf'>;

/** What is true of no row, and of every row; the one as SQL, the other as a condition that is left out. */
export const NEVER = 'false';
const ALWAYS = 'true';

const SIGNS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;
const MILLISECOND = "interval '1 millisecond'";

/** A condition on a column. A value that the column cannot hold is that of no row. */
export function conditionSql(
  parameters: Parameters,
  column: Column,
  { is, value }: FieldCondition,
): string {
  switch (is) {
    case 'eq':
      return isOneOf(parameters, column, [value]);
    case 'not':
      return isNoneOf(parameters, column, [value]);
    case 'oneOf':
      return isOneOf(parameters, column, value as readonly unknown[]);
    case 'noneOf':
      return isNoneOf(parameters, column, value as readonly unknown[]);
    default:
      return compares(parameters, column, is, value);
  }
}

/** A column equals a value that is not absent. */
export function equals(parameters: Parameters, column: Column, value: unknown): string {
  const { quoted, type } = column;
  const bound = parameters.value(column, value);
  if (type.oid === Oid.json) return `${orderable(column)} = ${bound}::jsonb`;
  // All the times that are this Date once they are read.
  return value instanceof Date && isFinerThanDate(column.type)
    ? `(${quoted} >= ${bound} and ${quoted} < ${bound} + ${MILLISECOND})`
    : `${quoted} = ${bound}`;
}

function isOneOf(parameters: Parameters, column: Column, values: readonly unknown[]): string {
  const { quoted, type } = column;
  const present = values.filter((value) => !isAbsent(value) && isExactly(column, value));
  const alternatives: string[] = [];
  if (present.length > 1 && isListable(column, present)) {
    const list = writeArrayLiteral(present.map((value) => valueText(value, type)));
    alternatives.push(`${quoted} = any(${parameters.text(list)}::${castName(type)}[])`);
  } else alternatives.push(...present.map((value) => equals(parameters, column, value)));
  if (values.some(isAbsent)) alternatives.push(`${quoted} is null`);
  if (alternatives.length === 0) return NEVER;
  return alternatives.length === 1 ? alternatives.join() : `(${alternatives.join(' or ')})`;
}

/** Not what {@link isOneOf} says, where that is unknown too: SQL does not know whether NULL equals a value. */
function isNoneOf(parameters: Parameters, column: Column, values: readonly unknown[]): string {
  const others = isOneOf(parameters, column, values);
  return others === NEVER ? ALWAYS : `(${others}) is not true`;
}

/** Whether the column can hold a value as it is. */
function isExactly({ field, type }: Column, value: unknown): boolean {
  if (field === 'id' && typeof value === 'string') return isIdOf(type, value);
  return valueProblem(value, type) === undefined && wholeBelow(value, type) === value;
}

function isListable({ type }: Column, values: readonly unknown[]): boolean {
  if (type.item !== undefined || isJson(type.oid)) return false;
  return !(isFinerThanDate(type) && values.some((value) => value instanceof Date));
}

function compares(
  parameters: Parameters,
  column: Column,
  is: OrderOperator,
  value: unknown,
): string {
  const { type } = column;
  if (value instanceof Date && isFinerThanDate(type)) {
    // What is read of a time is the millisecond that it lies in.
    const bound = parameters.value(column, value);
    const next = is === 'gt' || is === 'lte' ? `${bound} + ${MILLISECOND}` : bound;
    return `${column.quoted} ${is === 'gt' || is === 'gte' ? '>=' : '<'} ${next}`;
  }
  const whole = wholeBelow(value, type);
  // Between two values that the column can hold there is none that is equal.
  const sign = whole === value ? SIGNS[is] : is === 'gt' || is === 'gte' ? '>' : '<=';
  const sides = comparison(parameters, column, whole);
  return sides === undefined ? NEVER : `${sides.left} ${sign} ${sides.right}`;
}

/** A column and a value as they are compared; `undefined` when they are of two kinds, which have no order. */
function comparison(
  parameters: Parameters,
  column: Column,
  value: unknown,
): { readonly left: string; readonly right: string } | undefined {
  const { type } = column;
  const left = orderable(column);
  const isHoldable = valueProblem(value, type) === undefined;
  if (type.isEnum || type.oid === Oid.text || type.oid === Oid.varchar) {
    // Text that is too long for the column is greater or less all the same.
    return typeof value === 'string' ? { left, right: parameters.text(value) } : undefined;
  }
  if (isInteger(type) && !isHoldable) {
    const isNumber = typeof value === 'number' || typeof value === 'bigint';
    return isNumber ? { left, right: `${parameters.text(String(value))}::numeric` } : undefined;
  }
  if (type.oid === Oid.uuid && !isHoldable && typeof value === 'string') {
    return { left: `${left}::text collate "C"`, right: parameters.text(value) };
  }
  if (!isHoldable && !isText(type)) return undefined;
  if (type.oid === Oid.float4) {
    // As a parameter of its own type it would be rounded, or refused, first.
    return { left, right: `${parameters.text(valueText(value, type) ?? '')}::float8` };
  }
  return { left, right: parameters.value(column, value) };
}
