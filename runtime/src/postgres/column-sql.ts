import { Oid } from './column-types.js';
import type { Column } from './field-columns.js';

/** A column as it is ordered: in the database's own order, so that an index serves it, but the names of an enum by code
 * point, and `json`, which has no order, as `jsonb`. */
export function orderable({ quoted, type }: Column): string {
  if (type.isEnum) return `${quoted}::text collate "C"`;
  if (type.oid === Oid.json) return `${quoted}::jsonb`;
  return quoted;
}
