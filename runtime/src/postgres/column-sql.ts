import { isText } from './column-types.js';
import type { Column, TableColumns } from './table-columns.js';

/** The names of the columns that a row is read from. */
export function selected({ id, fields }: TableColumns): string {
  return [id, ...fields].map(({ quoted }) => quoted).join(', ');
}

/** A column as it is ordered: text, and the names of an enum, by code point. */
export function orderable({ quoted, type }: Column): string {
  if (type.isEnum) return `${quoted}::text collate "C"`;
  return isText(type) ? `${quoted} collate "C"` : quoted;
}
