import type { TableColumns } from './table-columns.js';

const UUID_TYPE = 2950;
const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

/** Whether an id can be in the table at all: a column of type uuid holds nothing else. */
export function hasStorableId(columns: TableColumns, id: unknown): boolean {
  return (
    id === undefined || columns.id.type !== UUID_TYPE || (typeof id === 'string' && UUID.test(id))
  );
}

/** Whether an error says that a table is no longer as it was when its columns were read. */
export function isSchemaChange(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === '42703' || code === '42P01' || code === '0A000';
}
