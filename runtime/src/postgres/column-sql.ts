import type { Column } from './table-columns.js';

/** A column as it is ordered: in the database's own order, so that an index serves it, but the names of an enum by code point. */
export function orderable({ quoted, type }: Column): string {
  return type.isEnum ? `${quoted}::text collate "C"` : quoted;
}
