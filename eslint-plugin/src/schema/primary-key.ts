import type { TableSchema, UniqueKey } from './table-schema.js';

/** What is assumed of a table that no schema describes. */
const ASSUMED: readonly UniqueKey[] = [{ fields: ['id'], isPrimary: true, condition: null }];

/** The keys of a table; an `id` where nothing says which of them names a row. */
export function keysOf(table: TableSchema | null): readonly UniqueKey[] {
  const keys = table?.keys ?? [];
  return keys.some(({ isPrimary }) => isPrimary) ? keys : [...ASSUMED, ...keys];
}

/** The field that names a row, when one does. */
export function idFieldOf(table: TableSchema | null): string {
  const [field, ...others] = keysOf(table).find(({ isPrimary }) => isPrimary)?.fields ?? [];
  return field !== undefined && others.length === 0 ? field : 'id';
}
