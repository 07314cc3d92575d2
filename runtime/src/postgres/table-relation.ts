import { Parameters, type Statement } from './statement.js';

/** What a table is, beyond its columns. */
export interface TableRelation {
  /** Its oid: two names may be of one table. */
  readonly oid: string;
  /** Whether each version of a row has a place of its own that can be read: of a table, but not of a view. */
  readonly hasTupleIds: boolean;
  /** Whether a write to it may change more than the row that it names: by triggers, rules, cascades, or what lies behind a view. */
  readonly hasEffects: boolean;
  /** Whether something is checked at the COMMIT only of what a write to it does: a constraint that is deferred. */
  readonly hasDeferred: boolean;
}

/** What is assumed of a table that has no entry. */
export const UNKNOWN_RELATION: TableRelation = {
  oid: '0',
  hasTupleIds: false,
  hasEffects: true,
  hasDeferred: true,
};

/** A row of {@link relationStatement}; all values are text. */
export interface RelationRow {
  readonly oid: string;
  readonly tuples: string;
  readonly effects: string;
  readonly deferred: string;
  readonly deferred_elsewhere: string;
}

/** Asks what a table is, its partitions included. */
export function relationStatement(table: string): Statement {
  const parameters = new Parameters();
  return parameters.statement(`
    select
      relation.oid as oid,
      relkind in ('r', 'p') and has_table_privilege(relation.oid, 'select') as tuples,
      relkind not in ('r', 'p') or relhasrules or exists (
        select from pg_catalog.pg_trigger
        where not tgisinternal and tgenabled <> 'D' and tgrelid in (
          select relation.oid union select relid from pg_partition_tree(relation.oid)
        )
      ) or exists (
        select from pg_catalog.pg_constraint
        where contype = 'f' and confrelid = relation.oid
          and (confdeltype in ('c', 'n', 'd') or confupdtype in ('c', 'n', 'd'))
      ) as effects,
      exists (
        select from pg_catalog.pg_trigger
        where tginitdeferred and tgenabled <> 'D' and tgrelid in (
          select relation.oid union select relid from pg_partition_tree(relation.oid)
        )
      ) as deferred,
      exists (select from pg_catalog.pg_trigger where tginitdeferred and tgenabled <> 'D') as deferred_elsewhere
    from pg_catalog.pg_class as relation
    where relation.oid = to_regclass((
      select string_agg(quote_ident(part), '.' order by position)
      from unnest(string_to_array(${parameters.text(table)}, '.')) with ordinality as parts (part, position)
    ))`);
}

export function toRelation(rows: readonly RelationRow[]): TableRelation {
  const [row] = rows;
  if (row === undefined) return UNKNOWN_RELATION;
  const hasEffects = row.effects === 't';
  return {
    oid: row.oid,
    hasTupleIds: row.tuples === 't',
    hasEffects,
    hasDeferred: row.deferred === 't' || (hasEffects && row.deferred_elsewhere === 't'),
  };
}
