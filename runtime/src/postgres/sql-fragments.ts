import type { Fragment } from 'postgres';
import { isText, Oid } from './column-types.js';
import type { Client } from './driver.js';
import type { Column, TableColumns } from './table-columns.js';
import { valueText } from './value-text.js';

/** The names of the columns that a row is read from. */
export function selected(columns: TableColumns): string[] {
  return ['id', ...columns.fields.map(({ name }) => name)];
}

/** A value as a parameter of its column's type, so that nothing is guessed from the value. */
export function parameter(sql: Client, { type }: Column, value: unknown): Fragment {
  return sql.typed(valueText(value, type) as never, type.oid) as unknown as Fragment;
}

/** Text as a parameter. */
export function text(sql: Client, value: string): Fragment {
  return sql.typed(value as never, Oid.text) as unknown as Fragment;
}

/** A column as it is ordered: text, and the names of an enum, by code point. */
export function orderable(sql: Client, { name, type }: Column): Fragment {
  if (type.isEnum) return sql`${sql(name)}::text collate "C"`;
  return isText(type) ? sql`${sql(name)} collate "C"` : sql`${sql(name)}`;
}

/** Fragments one after another. */
export function concatenate(sql: Client, fragments: readonly Fragment[]): Fragment {
  return fragments.reduce<Fragment>((all, fragment) => sql`${all} ${fragment}`, sql``);
}

/** Fragments with commas between them. */
export function list(sql: Client, fragments: readonly Fragment[]): Fragment {
  return concatenate(
    sql,
    fragments.map((fragment, index) => (index === 0 ? fragment : sql`, ${fragment}`)),
  );
}
