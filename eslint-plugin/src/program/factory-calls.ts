import type ts from 'typescript';
import { getBoundProperty, getFunctions, hasBody, type FunctionWithBody } from './callee.js';
import { getDeclaration } from './declared-symbol.js';
import type { ProgramContext } from './program-context.js';
import { unwrapExpression } from './unwrap-expression.js';

/** The call that made what a name stands for, as in `const find = finderOf(pool)(users)`, if it makes functions. */
export function getFactoryCall(context: ProgramContext, name: ts.Node): ts.CallExpression | null {
  const { ts } = context;
  if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return null;
  const initializer = getInitializer(context, name);
  const call = initializer && unwrapExpression(context, initializer);
  if (!call || !ts.isCallExpression(call)) return null;
  return getMadeFunctions(context, call).length > 0 ? call : null;
}

function getInitializer(context: ProgramContext, name: ts.MemberName): ts.Expression | null {
  const { ts, checker } = context;
  let declaration = ts.isIdentifier(name)
    ? getDeclaration(context, name)
    : checker.getSymbolAtLocation(name)?.valueDeclaration;
  if (declaration && ts.isBindingElement(declaration)) {
    declaration = getBoundProperty(context, declaration)?.valueDeclaration;
  }
  if (declaration && ts.isShorthandPropertyAssignment(declaration)) {
    declaration = checker.getShorthandAssignmentValueSymbol(declaration)?.valueDeclaration;
  }
  if (!declaration) return null;
  if (ts.isVariableDeclaration(declaration) || ts.isPropertyAssignment(declaration)) {
    return declaration.initializer ?? null;
  }
  return ts.isPropertyDeclaration(declaration)
    ? (declaration.initializer ?? getAssigned(context, declaration))
    : null;
}

/** What the constructor assigns to a field. */
function getAssigned(
  { ts }: ProgramContext,
  { name, parent }: ts.PropertyDeclaration,
): ts.Expression | null {
  const constructor = parent.members.find(ts.isConstructorDeclaration);
  for (const statement of constructor?.body?.statements ?? []) {
    if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) {
      continue;
    }
    const { left, right, operatorToken } = statement.expression;
    if (operatorToken.kind !== ts.SyntaxKind.EqualsToken) continue;
    if (ts.isPropertyAccessExpression(left) && left.name.getText() === name.getText()) return right;
  }
  return null;
}

/** How many calls may follow each other in `a(…)(…)(…)`. */
const DEPTH = 3;

/** The functions that a call returns, as they are written in what is called. */
export function getMadeFunctions(
  context: ProgramContext,
  call: ts.CallExpression,
  depth = DEPTH,
): readonly FunctionWithBody[] {
  if (depth === 0) return [];
  const { ts } = context;
  const callee = unwrapExpression(context, call.expression);
  const makers = ts.isCallExpression(callee)
    ? getMadeFunctions(context, callee, depth - 1)
    : getFunctions(context, ts.isPropertyAccessExpression(callee) ? callee.name : callee);
  return makers.flatMap((maker) => getReturned(context, maker));
}

function getReturned(context: ProgramContext, { body }: FunctionWithBody): FunctionWithBody[] {
  const { ts } = context;
  const results = ts.isBlock(body)
    ? body.statements.flatMap((one) =>
        ts.isReturnStatement(one) && one.expression ? [one.expression] : [],
      )
    : [body];
  return results.flatMap((result) => {
    const made = unwrapExpression(context, result);
    return ts.isArrowFunction(made) || ts.isFunctionExpression(made)
      ? hasBody(context, made)
        ? [made]
        : []
      : [];
  });
}
