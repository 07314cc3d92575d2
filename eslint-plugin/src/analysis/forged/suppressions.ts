import type ts from 'typescript';
import { getEntityType, getRepositoryModel } from '../../vocabulary/entity-type.js';
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
    if (isOnLine && isLockUse(context, node)) return node;
    return ts.forEachChild(node, (child) => visit(child) ?? undefined) ?? null;
  };
  return visit(file);
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
