import type { RowVersion } from '../adapter/adapter.js';
import type { Parameters } from './statement.js';
import type { TableColumns } from './table-columns.js';

/** The name under which a row comes with its version. */
export const VERSION = 'justscale.version';

/** Where a transaction keeps the version of the row that it wrote last, for the statement behind it. */
const LAST_VERSION = 'justscale.version';

/**
 * The version of a row, as text: where it lies, which every write changes, and of a view what it shows. While a
 * transaction runs, no place is used twice.
 *
 * @param table - what the statement calls the table
 */
export function versionOf(columns: TableColumns, table: string = columns.table): string {
  return columns.relation.hasTupleIds
    ? `${table}.tableoid::text || ${table}.ctid::text`
    : `md5(row(${columns.selected})::text)`;
}

/** The columns of a model and the version, as a lock or a write returns them. */
export function selectVersioned(columns: TableColumns, table?: string): string {
  return `${columns.selected}, ${versionOf(columns, table)} as "${VERSION}"`;
}

/** The same, and notes the version for {@link isLastVersion}. */
export function selectAndNote(columns: TableColumns): string {
  return `${columns.selected}, set_config('${LAST_VERSION}', ${versionOf(columns)}, true) as "${VERSION}"`;
}

/** The condition that a row is still of this version. */
export function isVersion(
  parameters: Parameters,
  columns: TableColumns,
  { version }: RowVersion,
): string {
  return `${versionOf(columns)} = ${parameters.text(String(version))}`;
}

/** The condition that a row is as the last statement with {@link selectAndNote} has left it. */
export function isLastVersion(columns: TableColumns): string {
  return `${versionOf(columns)} = current_setting('${LAST_VERSION}', true)`;
}
