import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';

/** Whether a module can have state at all, told by what stands at its top: the cheap test before a rule looks. */
export function mayHoldState(context: ProgramContext, file: ts.SourceFile): boolean {
  const { ts } = context;
  if (/\bglobal(?:This)?\b/.test(file.text)) return true;
  return file.statements.some((statement) => {
    if (ts.isVariableStatement(statement)) return isStateful(context, statement.declarationList);
    if (ts.isClassDeclaration(statement)) return hasFields(context, statement);
    return ts.isExpressionStatement(statement) || ts.isExportAssignment(statement);
  });
}

function isStateful(context: ProgramContext, list: ts.VariableDeclarationList): boolean {
  const { ts } = context;
  if ((list.flags & ts.NodeFlags.Const) === 0) return true;
  return list.declarations.some(({ initializer }) => {
    const value = initializer && unwrapExpression(context, initializer);
    return value && !ts.isFunctionLike(value) && !ts.isLiteralExpression(value);
  });
}

/** Static fields, and those of a class that a decorator makes one instance of. */
function hasFields({ ts }: ProgramContext, node: ts.ClassDeclaration): boolean {
  const isDecorated = ts.getDecorators(node) !== undefined;
  return node.members.some((member) => {
    if (ts.isClassStaticBlockDeclaration(member)) return true;
    const isField =
      ts.isPropertyDeclaration(member) &&
      (isDecorated || (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) !== 0);
    return isField || (isDecorated && ts.isConstructorDeclaration(member));
  });
}
