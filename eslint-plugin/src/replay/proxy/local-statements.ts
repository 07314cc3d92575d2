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
  let tables = 0;
  let others = 0;
  const visitor = astVisitor(() => ({
    tableRef: ({ schema, name }) => {
      tables++;
      const catalog = schema === undefined ? name.startsWith('pg_') : CATALOGS.has(schema);
      if (!catalog) others++;
    },
  }));
  for (const statement of statements) {
    if (!READS.has(statement.type)) return false;
    visitor.statement(statement);
  }
  return tables > 0 && others === 0;
}

/** The same of what the parser does not know, by its words. */
function namesOnlyCatalogs(sql: string): boolean {
  const words = sql.replace(/'(?:[^']|'')*'/g, "''");
  if (!/^\s*(?:select|with)\b/i.test(words)) return false;
  if (/\b(?:insert|update|delete|merge|truncate|for)\b/i.test(words)) return false;
  const own = [...words.matchAll(/\b(\w+)(?:\s*\([\w\s,]*\))?\s+as\s*\(/gi)].map(
    ([, name]) => name,
  );
  return [...words.matchAll(/\b(?:from|join)\s+(?:lateral\s+)?([\w."]+|\()(\s*\()?/gi)].every(
    ([, name = '', call]) =>
      name === '(' ||
      call !== undefined ||
      own.includes(name) ||
      /^(?:pg_catalog\.|information_schema\.|pg_)/i.test(name),
  );
}

const CATALOGS = new Set(['pg_catalog', 'information_schema']);
const READS = new Set<Statement['type']>(['select', 'union', 'union all']);
