import { astVisitor, parse, type Statement } from 'pgsql-ast-parser';

const SESSION_ONLY =
  /^\s*(?:begin|start\s+transaction|set(?!\s+constraints)|show|savepoint|release|deallocate|listen|unlisten)\b[^;]*;?\s*$/i;
const CHANGES_CATALOG = /^\s*(?:create|alter|drop|truncate|reindex|grant|revoke|do|call)\b/im;
const HAS_EFFECTS = /lock|nextval|setval|notify|set_config/i;

/**
 * Whether a statement commutes with all that another process does, so that no schedule needs to hold it. A transaction that
 * begins has no snapshot and no lock before its first statement; its clock is one, and clocks are masked.
 *
 * @param catalogChanges - whether the operations change tables, and not only rows
 */
export function isLocalStatement(sql: string, catalogChanges: boolean): boolean {
  if (sql.trim() === '' || SESSION_ONLY.test(sql)) return true;
  return !catalogChanges && readsOnlyCatalog(sql);
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
    return false;
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

const CATALOGS = new Set(['pg_catalog', 'information_schema']);
const READS = new Set<Statement['type']>(['select', 'union', 'union all']);
