import type { Sql } from 'postgres';

/** What a statement on a table does to other tables. */
export interface Relations {
  /** By the name of a table: those whose rows a write of it looks at. */
  readonly parents: ReadonlyMap<string, ReadonlySet<string>>;
  /** By the name of a table: those whose rows a write of it may write or look at. */
  readonly children: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * The tables of a database and their foreign keys, or `null` where a statement may do more than it says: for triggers,
 * rules, functions and policies of the schema, or another isolation level than READ COMMITTED.
 */
export async function readRelations(sql: Sql): Promise<Relations | null> {
  const [more] = await sql<{ exists: boolean }[]>`
    select exists (select from pg_catalog.pg_trigger where not tgisinternal)
      or exists (select from pg_catalog.pg_class where relrowsecurity)
      or exists (
        select from pg_catalog.pg_rewrite r join pg_catalog.pg_class c on c.oid = r.ev_class
        where c.relkind in ('r', 'p') and c.relnamespace <> 'pg_catalog'::regnamespace
      )
      or exists (
        select from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      )
      or current_setting('default_transaction_isolation') <> 'read committed' as exists`;
  if (more?.exists !== false) return null;
  // A name that two schemas have is left out: a statement may mean either.
  const tables = await sql<{ name: string }[]>`
    select c.relname as name
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'v', 'm', 'p', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    group by c.relname
    having count(*) = 1 and bool_and(c.relkind = 'r' and not c.relispartition and not c.relhassubclass)`;
  const keys = await sql<{ child: string; parent: string }[]>`
    select child.relname as child, parent.relname as parent
    from pg_catalog.pg_constraint k
      join pg_catalog.pg_class child on child.oid = k.conrelid
      join pg_catalog.pg_class parent on parent.oid = k.confrelid
    where k.contype = 'f'`;
  const parents = new Map(tables.map(({ name }) => [name, new Set<string>()]));
  const children = new Map(tables.map(({ name }) => [name, new Set<string>()]));
  for (const { child, parent } of keys) {
    parents.get(child)?.add(parent);
    children.get(parent)?.add(child);
  }
  // What is deleted or changed in cascade may cascade again.
  for (const reached of children.values())
    for (const child of reached) for (const next of children.get(child) ?? []) reached.add(next);
  return { parents, children };
}
