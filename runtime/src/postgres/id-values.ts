import { isInteger, isText, Oid, type ColumnType } from './column-types.js';
import { valueProblem } from './value-text.js';

/** Whether a column of this type can be the key: its values have one form as text, and an order. */
export function isIdType(type: ColumnType): boolean {
  return isText(type) || isInteger(type) || type.oid === Oid.uuid;
}

/** Whether an id can be that of a row: only in the form in which the column gives it back. */
export function isIdOf(type: ColumnType, id: string): boolean {
  if (valueProblem(id, type) !== undefined) return false;
  if (isInteger(type)) return /^(?:0|-?[1-9]\d*)$/.test(id);
  return type.oid !== Oid.bpchar || !id.endsWith(' ');
}
