import { isText } from './column-types.js';
import type { Column } from './table-columns.js';

/** A column as it is ordered: text, and the names of an enum, by code point. */
export function orderable({ quoted, type }: Column): string {
  if (type.isEnum) return `${quoted}::text collate "C"`;
  return isText(type) ? `${quoted} collate "C"` : quoted;
}
