import type ts from 'typescript';
import { getFunctions } from '../../program/callee.js';
import { getArgument, getCalledName } from '../../program/called-name.js';
import type { ProgramContext } from '../../program/program-context.js';
import { isLocked } from '../../vocabulary/contained-state.js';
import { getOperation } from '../../vocabulary/operation.js';
import type { Escape } from './escape.js';
import { getDeclaration } from './value-origin.js';

const WRITES: ReadonlySet<string> = new Set(['update', 'save', 'delete']);

/** Writes, in the statements after a `delete`, with the lock of what is deleted. */
export function getUsesAfterDelete(
  context: ProgramContext,
  node: ts.CallExpression,
): readonly Escape[] {
  const { ts, checker } = context;
  const lock = getArgument(context, node, 0);
  const statement = ts.isAwaitExpression(node.parent) ? node.parent.parent : node.parent;
  if (!lock || !ts.isIdentifier(lock) || !ts.isExpressionStatement(statement)) return [];
  if (!ts.isBlock(statement.parent)) return [];
  const symbol = checker.getSymbolAtLocation(lock);
  const { statements } = statement.parent;
  const found: Escape[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isFunctionLike(child)) return;
    if (ts.isCallExpression(child) && WRITES.has(getOperation(context, child)?.name ?? '')) {
      const target = getArgument(context, child, 0);
      if (target && symbol && checker.getSymbolAtLocation(target) === symbol) {
        found.push({ kind: 'deleted', lock: target, target: child });
      }
    }
    ts.forEachChild(child, visit);
  };
  for (const later of statements.slice(statements.indexOf(statement) + 1)) {
    if (isAssigned(context, later, lock)) break;
    visit(later);
  }
  return found;
}

/** `account = …` gives the name another lock. */
function isAssigned({ ts }: ProgramContext, statement: ts.Statement, name: ts.Identifier): boolean {
  if (!ts.isExpressionStatement(statement)) return false;
  const { expression } = statement;
  return ts.isBinaryExpression(expression) && expression.left.getText() === name.text;
}

/** A helper of the program that deletes what it is given, whatever else it does. */
export function isDeletedByHelper(context: ProgramContext, node: ts.CallExpression): boolean {
  const { ts, checker } = context;
  const [lock] = node.arguments;
  if (!lock || !ts.isIdentifier(lock) || !isLocked(context, checker.getTypeAtLocation(lock))) {
    return false;
  }
  const called = getCalledName(context, node);
  if (!called) return false;
  return getFunctions(context, called.node).some((callee) => {
    const [parameter] = callee.parameters;
    if (!parameter) return false;
    const statements = ts.isBlock(callee.body) ? callee.body.statements : [callee.body];
    return statements.some((statement) => {
      let inner: ts.Node = statement;
      while (
        ts.isExpressionStatement(inner) ||
        ts.isAwaitExpression(inner) ||
        (ts.isReturnStatement(inner) && inner.expression)
      ) {
        inner = inner.expression as ts.Node;
      }
      if (!ts.isCallExpression(inner) || getOperation(context, inner)?.name !== 'delete')
        return false;
      const deleted = getArgument(context, inner, 0);
      return (
        deleted !== null &&
        ts.isIdentifier(deleted) &&
        getDeclaration(context, deleted) === parameter
      );
    });
  });
}
