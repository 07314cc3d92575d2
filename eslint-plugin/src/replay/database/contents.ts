import type { Sql } from 'postgres';

/** The rows of a database: of each table, by its name, as JSON. */
export type Contents = ReadonlyMap<string, readonly Readonly<Record<string, unknown>>[]>;

export async function readContents(sql: Sql): Promise<Contents> {
  // Numbers that JavaScript would round are read as text.
  const tables = await sql<{ schema: string; name: string; exact: string[] }[]>`
    select n.nspname as schema, c.relname as name,
      to_jsonb(array(
        select a.attname from pg_catalog.pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
          and a.atttypid in ('int8'::regtype, 'numeric'::regtype)
        order by a.attnum
      )) as exact
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition
      and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    order by 1, 2`;
  const contents = new Map<string, Record<string, unknown>[]>();
  for (const { schema, name, exact } of tables) {
    const asText = exact.reduce(
      (all, column) => sql`${all} || jsonb_build_object(${column}::text, t.${sql(column)}::text)`,
      sql``,
    );
    const rows = await sql<{ row: string }[]>`
      select (to_jsonb(t) ${asText})::text as row from ${sql(schema)}.${sql(name)} as t`;
    contents.set(
      schema === 'public' ? name : `${schema}.${name}`,
      rows.map(({ row }) => JSON.parse(row) as Record<string, unknown>),
    );
  }
  return contents;
}
