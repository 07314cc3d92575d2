import type ts from 'typescript';
import { getEntityType, getRepositoryModel } from '../../vocabulary/entity-type.js';
import { isLocked, isWritable } from '../../vocabulary/contained-state.js';
import { getOperation } from '../../vocabulary/operation.js';
import type { ProgramContext } from '../../program/program-context.js';

/** The first use of a lock, a repository or another state of an entity on a line; `null` when there is none. */
export function findLockUseOnLine(
  context: ProgramContext,
  file: ts.SourceFile,
  line: number,
): ts.Node | null {
  const starts = file.getLineStarts();
  const start = starts[line];
  if (start === undefined) return null;
  return findLockUse(context, file, start, starts[line + 1] ?? file.end);
}

/** The first use of the lock API between two offsets of a file. */
export function findLockUse(
  context: ProgramContext,
  file: ts.SourceFile,
  start: number,
  end: number,
): ts.Node | null {
  const { ts } = context;
  const visit = (node: ts.Node): ts.Node | null => {
    if (node.end <= start || node.pos >= end) return null;
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return null;
    const begin = node.getStart(file);
    const isOnLine = begin >= start && begin < end;
    if (isOnLine && (isLockUse(context, node) || isDemanded(context, node))) return node;
    return ts.forEachChild(node, (child) => visit(child) ?? undefined) ?? null;
  };
  return visit(file);
}

/** Whether what stands in a place must be a lock, whatever it is. */
function isDemanded(context: ProgramContext, node: ts.Node): boolean {
  const { ts, checker } = context;
  if (!ts.isExpression(node)) return false;
  const { parent } = node;
  const isPlace =
    ts.isReturnStatement(parent) ||
    ts.isCallOrNewExpression(parent) ||
    ts.isVariableDeclaration(parent) ||
    ts.isPropertyAssignment(parent) ||
    (ts.isBinaryExpression(parent) && parent.right === node) ||
    (ts.isArrowFunction(parent) && parent.body === node);
  if (!isPlace) return false;
  const wanted = checker.getContextualType(node);
  return wanted !== undefined && (isLocked(context, wanted) || isWritable(context, wanted));
}

function isLockUse(context: ProgramContext, node: ts.Node): boolean {
  const { ts, checker } = context;
  if (ts.isCallExpression(node)) {
    const operation = getOperation(context, node);
    if (operation) return operation.name !== 'ref';
  }
  if (!ts.isIdentifier(node) && node.kind !== ts.SyntaxKind.ThisKeyword) return false;
  const type = checker.getTypeAtLocation(node);
  const state = getEntityType(context, type)?.state;
  return (state !== undefined && state !== 'ref') || getRepositoryModel(context, type) !== null;
}
