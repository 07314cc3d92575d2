import { astVisitor, parse, type Statement } from 'pgsql-ast-parser';

const SESSION_ONLY =
  /^\s*(?:begin|start\s+transaction|set(?!\s+constraints)|show|savepoint|release|deallocate|listen|unlisten)\b[^;]*;?\s*$/i;
/** A setting of the session or its transaction. */
const SETTINGS =
  /^\s*select\s+(?:set_config\(\s*'[^']*'\s*,\s*'[^']*'\s*,\s*(?:true|false)\s*\)\s*,?\s*)+;?\s*$/i;
/** Asks whether the connection is alive. */
const PING = /^\s*select\s+(?:1|version\(\))\s*;?\s*$/i;
const CHANGES_CATALOG = /^\s*(?:create|alter|drop|truncate|reindex|grant|revoke|do|call)\b/im;
const HAS_EFFECTS = /lock|nextval|setval|notify|set_config|terminate|cancel/i;

/**
 * Whether a statement commutes with all that another process does, so that no schedule needs to hold it. A transaction that
 * begins has no snapshot and no lock before its first statement; its clock is one, and clocks are masked.
 *
 * @param catalogChanges - whether the operations change tables, and not only rows
 */
export function isLocalStatement(sql: string, catalogChanges: boolean): boolean {
  return statementsOf(sql).every((one) => {
    if ([SESSION_ONLY, SETTINGS, PING].some((pattern) => pattern.test(one))) return true;
    return !catalogChanges && readsOnlyCatalog(one);
  });
}

function statementsOf(sql: string): readonly string[] {
  if (sql.includes('$$')) return [sql];
  const parts = sql.match(/(?:'(?:[^']|'')*'|"[^"]*"|[^;'"])+/g) ?? [];
  return parts.filter((part) => part.trim() !== '');
}

export function changesCatalog(sql: string): boolean {
  return CHANGES_CATALOG.test(sql);
}

function readsOnlyCatalog(sql: string): boolean {
  if (!/\bpg_|information_schema/i.test(sql) || HAS_EFFECTS.test(sql)) return false;
  let statements: Statement[];
  try {
    statements = parse(sql);
  } catch {
    return namesOnlyCatalogs(sql);
  }
  const tables = new Set<string>();
  const own = new Set<string>();
  const visitor = astVisitor((visit) => ({
    tableRef: ({ schema, name }) => tables.add(schema === undefined ? name : `${schema}.${name}`),
    insert: ({ into }) => tables.add(into.name),
    update: ({ table }) => tables.add(table.name),
    delete: ({ from }) => tables.add(from.name),
    with: (statement) => {
      for (const { alias } of statement.bind) own.add(alias.name);
      visit.super().with(statement);
    },
    withRecursive: (statement) => {
      own.add(statement.alias.name);
      visit.super().withRecursive(statement);
    },
  }));
  for (const statement of statements) {
    if (!READS.has(statement.type)) return false;
    visitor.statement(statement);
  }
  return tables.size > 0 && [...tables].every((name) => own.has(name) || OF_CATALOG.test(name));
}

/** The same of what the parser does not know, by its words. */
function namesOnlyCatalogs(sql: string): boolean {
  const words = sql.replace(/'(?:[^']|'')*'/g, "''");
  if (!/^\s*(?:select|with)\b/i.test(words)) return false;
  if (/\b(?:insert|update|delete|merge|truncate|for)\b/i.test(words)) return false;
  // Tables after a comma.
  if (/\b(?:from|join)\s+[\w."]+(?:\s+(?:as\s+)?\w+)?\s*,(?!\s*lateral)/i.test(words)) return false;
  const own = [...words.matchAll(/\b(\w+)(?:\s*\([\w\s,]*\))?\s+as\s*\(/gi)].map(
    ([, name]) => name,
  );
  return [...words.matchAll(/\b(?:from|join)\s+(?:lateral\s+)?([\w."]+|\()(\s*\()?/gi)].every(
    ([, name = '', call]) =>
      name === '(' || call !== undefined || own.includes(name) || OF_CATALOG.test(name),
  );
}

const OF_CATALOG = /^(?:pg_catalog\.|information_schema\.|pg_)/i;
const READS = new Set<Statement['type']>([
  'select',
  'union',
  'union all',
  'with',
  'with recursive',
]);
