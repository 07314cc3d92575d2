import { astVisitor, parse, type Statement } from 'pgsql-ast-parser';
import type { Relations } from '../database/relations.js';

/** The tables that a statement touches; `null` where that cannot be told. */
export type Footprint = {
  /** As they were committed. */
  readonly reads: ReadonlySet<string>;
  /** Their rows stay locked, and changes unseen, up to the end of the transaction. */
  readonly locks: ReadonlySet<string>;
  /** Their changes are seen by others, and what waited for their locks goes on. */
  readonly publishes: ReadonlySet<string>;
} | null;

export const NOTHING: Footprint = { reads: new Set(), locks: new Set(), publishes: new Set() };

const KNOWN = new Set<Statement['type']>([
  'select',
  'union',
  'union all',
  'with',
  'values',
  'insert',
  'update',
  'delete',
]);

/** Functions of the server that look at no row: at their arguments, a clock, a sequence or a setting; and that notify. */
const HARMLESS = new Set(
  (
    'abs array_agg array_length avg btrim ceil char_length clock_timestamp coalesce concat concat_ws count current_setting date_part date_trunc ' +
    'encode extract floor gen_random_uuid greatest json_agg json_build_array json_build_object jsonb_agg jsonb_build_array ' +
    'jsonb_build_object jsonb_set least left length lower max md5 min mod nextval now nullif pg_notify random replace right round ' +
    'row_to_json set_config split_part statement_timestamp string_agg substring sum to_char to_json to_jsonb to_timestamp trim upper'
  ).split(' '),
);

/**
 * @param relations - of the schema; `null` where a write may do more than it says
 * @param inTransaction - whether it leaves a transaction open
 */
export function footprintOf(
  sql: string,
  relations: Relations | null,
  inTransaction: boolean,
): Footprint {
  const tables = tablesOf(sql);
  if (tables === null) return null;
  const { reads, locks } = tables;
  if (locks.size === 0) return { reads, locks, publishes: locks };
  if (relations === null) return null;
  for (const table of [...reads, ...locks]) if (!relations.parents.has(table)) return null;
  for (const table of [...locks]) {
    for (const parent of relations.parents.get(table) ?? []) locks.add(parent);
    for (const child of relations.children.get(table) ?? []) locks.add(child);
  }
  return { reads, locks, publishes: inTransaction ? new Set() : locks };
}

/** Whether two statements of two processes give the same in either order. */
export function areIndependent(one: Footprint, other: Footprint): boolean {
  if (one === null || other === null) return false;
  const apart = (a: ReadonlySet<string>, b: ReadonlySet<string>) => [...a].every((t) => !b.has(t));
  return (
    apart(one.locks, other.locks) &&
    apart(one.locks, other.publishes) &&
    apart(one.publishes, other.locks) &&
    apart(one.publishes, other.publishes) &&
    apart(one.publishes, other.reads) &&
    apart(one.reads, other.publishes)
  );
}

function tablesOf(sql: string): { reads: Set<string>; locks: Set<string> } | null {
  let statements: Statement[];
  try {
    statements = parse(sql);
  } catch {
    return null;
  }
  const reads = new Set<string>();
  const locks = new Set<string>();
  const bound = new Set<string>();
  let isKnown = statements.every(({ type }) => KNOWN.has(type));
  const inSchema = ({ schema }: { schema?: string }) => schema === undefined || schema === 'public';
  const write = (table: { schema?: string; name: string }) => {
    if (inSchema(table)) locks.add(table.name);
    else isKnown = false;
  };
  const visitor = astVisitor((visit) => ({
    tableRef: (table) => {
      if (inSchema(table)) reads.add(table.name);
      else isKnown = false;
    },
    call: (call) => {
      if (!HARMLESS.has(call.function.name.toLowerCase())) isKnown = false;
      visit.super().call(call);
    },
    with: (statement) => {
      for (const { alias } of statement.bind) bound.add(alias.name);
      visit.super().with(statement);
    },
    selection: (select) => {
      if (select.for) astVisitor(() => ({ tableRef: write })).selection(select);
      visit.super().selection(select);
    },
    insert: (insert) => {
      write(insert.into);
      visit.super().insert(insert);
    },
    update: (update) => {
      write(update.table);
      visit.super().update(update);
    },
    delete: (deletion) => {
      write(deletion.from);
      visit.super().delete(deletion);
    },
  }));
  for (const statement of statements) visitor.statement(statement);
  for (const name of bound) reads.delete(name);
  return isKnown ? { reads, locks } : null;
}
