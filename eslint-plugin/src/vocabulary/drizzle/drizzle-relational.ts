import type { ProgramContext } from '../../program/program-context.js';
import type { Table } from '../query/query.js';
import { getDrizzleTable } from './drizzle-tables.js';

const programs = new WeakMap<ProgramContext, ReadonlyMap<string, Table>>();

/** The table that relational queries of a program call by a name: the one that is exported as such. */
export function findTable(context: ProgramContext, name: string): Table | null {
  let known = programs.get(context);
  if (!known) programs.set(context, (known = findTables(context)));
  return known.get(name) ?? null;
}

function findTables(context: ProgramContext): ReadonlyMap<string, Table> {
  const { ts, program } = context;
  const found = new Map<string, Table>();
  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile || !/drizzle-orm|Table\(/.test(file.text)) continue;
    for (const statement of file.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      for (const { name } of statement.declarationList.declarations) {
        const table = ts.isIdentifier(name) ? getDrizzleTable(context, name) : null;
        if (table && ts.isIdentifier(name)) found.set(name.text, table);
      }
    }
  }
  return found;
}
