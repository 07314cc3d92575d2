import type ts from 'typescript';
import { getDeclaration } from '../../program/declared-symbol.js';
import type { ProgramContext } from '../../program/program-context.js';
import { getMigratedTable } from '../../schema/program-schema.js';
import { getConstantText } from '../query/constant-text.js';
import type { Table } from '../query/query.js';

/** The table of one of Objection's models: a class with a static `tableName`. */
export function getObjectionTable(context: ProgramContext, node: ts.Expression): Table | null {
  const { ts } = context;
  const declaration = getDeclaration(context, node);
  if (!declaration || !ts.isClassDeclaration(declaration)) return null;
  for (const member of declaration.members) {
    if (member.name?.getText() !== 'tableName') continue;
    const text = ts.isPropertyDeclaration(member)
      ? getConstantText(context, member.initializer)
      : ts.isGetAccessor(member)
        ? getConstantText(context, returnedBy(context, member))
        : null;
    if (text !== null) return { model: `knex:${text}`, schema: getMigratedTable(context, text) };
  }
  return null;
}

function returnedBy({ ts }: ProgramContext, { body }: ts.GetAccessorDeclaration) {
  return body?.statements.find(ts.isReturnStatement)?.expression;
}
