import type ts from 'typescript';
import { containsLocked } from '../../vocabulary/contained-state.js';
import type { ProgramContext } from '../../program/program-context.js';
import { getPresentMembers, isNullable } from './type-facts.js';

/** How a declaration says that there is a lock, without one. */
export type DeclaredKind = 'ambient' | 'definite' | 'unassigned' | 'merged';

/** Whether a value of the type is, holds or directly returns a lock. */
function givesLock(context: ProgramContext, type: ts.Type): boolean {
  if (containsLocked(context, type)) return true;
  const signatures = [...type.getCallSignatures(), ...type.getConstructSignatures()];
  return signatures.some((signature) => containsLocked(context, signature.getReturnType()));
}

/** What is wrong with a declaration, by itself; `null` when nothing is. */
export function getDeclaredKind(context: ProgramContext, node: ts.Node): DeclaredKind | null {
  const { ts, checker } = context;
  if (!isCandidate(context, node)) return null;
  if (ts.isTypeElement(node)) {
    if (!ts.isInterfaceDeclaration(node.parent)) return null;
    const isMerged = isMergedWithClass(context, node.parent);
    const isInjected = isInAugmentation(context, node);
    if (!isMerged && !isInjected) return null;
    if (!givesLock(context, checker.getTypeAtLocation(node))) return null;
    return isMerged ? 'merged' : 'ambient';
  }
  if (ts.isInterfaceDeclaration(node)) {
    const isForged = isMergedWithClass(context, node) && extendsLock(context, node);
    return isForged ? 'merged' : null;
  }
  const kind = getWrittenKind(context, node);
  if (!kind || !givesLock(context, checker.getTypeAtLocation(node))) return null;
  return kind !== 'unassigned' || isNeverAssigned(context, node) ? kind : null;
}

/** What a declaration may be by its words alone: the cheap test before its type is asked. */
function getWrittenKind(
  context: ProgramContext,
  node: ts.Node,
): Exclude<DeclaredKind, 'merged'> | null {
  if (isAmbient(context, node)) return 'ambient';
  if ('exclamationToken' in node && node.exclamationToken) return 'definite';
  return isLeftOpen(context, node) ? 'unassigned' : null;
}

/** `let account: Locked<Account>;`, or a static field: the compiler asks only of those of instances. */
function isLeftOpen(
  { ts }: ProgramContext,
  node: ts.Node,
): node is ts.VariableDeclaration | ts.PropertyDeclaration {
  if (ts.isPropertyDeclaration(node)) {
    const isStatic = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);
    return isStatic === true && !node.initializer && node.type !== undefined;
  }
  return (
    ts.isVariableDeclaration(node) &&
    !node.initializer &&
    node.type !== undefined &&
    ts.isVariableStatement(node.parent.parent)
  );
}

function isCandidate({ ts }: ProgramContext, node: ts.Node): boolean {
  return (
    ts.isVariableDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isPropertySignature(node) ||
    ts.isMethodSignature(node) ||
    ts.isInterfaceDeclaration(node)
  );
}

/** Declared without anything behind it: `declare`, or in a file of declarations. */
function isAmbient({ ts }: ProgramContext, node: ts.Node): boolean {
  if (ts.isFunctionDeclaration(node) && node.body) return false;
  if (node.getSourceFile().isDeclarationFile) return true;
  for (let outer = node; outer; outer = outer.parent) {
    if (ts.isBlock(outer)) return false;
    if (!ts.canHaveModifiers(outer)) continue;
    if (outer.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword)) return true;
  }
  return false;
}

/** In `declare module` or `declare global`. */
function isInAugmentation({ ts }: ProgramContext, node: ts.Node): boolean {
  for (let outer = node.parent; outer; outer = outer.parent) {
    if (ts.isModuleDeclaration(outer)) {
      return (
        ts.isStringLiteral(outer.name) || (outer.flags & ts.NodeFlags.GlobalAugmentation) !== 0
      );
    }
  }
  return false;
}

function isMergedWithClass(context: ProgramContext, node: ts.InterfaceDeclaration): boolean {
  const { ts, checker } = context;
  const symbol = checker.getSymbolAtLocation(node.name);
  return symbol?.declarations?.some(ts.isClassDeclaration) ?? false;
}

function extendsLock(context: ProgramContext, node: ts.InterfaceDeclaration): boolean {
  const { checker } = context;
  return (node.heritageClauses ?? []).some((clause) =>
    clause.types.some((type) => containsLocked(context, checker.getTypeAtLocation(type))),
  );
}

/** A variable that is left open and that nothing surely writes before a function reads it. */
function isNeverAssigned(context: ProgramContext, node: ts.Node): boolean {
  const { ts, checker } = context;
  if (!isLeftOpen(context, node)) return false;
  const type = checker.getTypeAtLocation(node);
  if (isNullable(context, type) || getPresentMembers(context, type).length === 0) return false;
  const symbol = checker.getSymbolAtLocation(node.name);
  const uses: ts.Identifier[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isIdentifier(child) && child !== node.name && child.text === node.name.getText()) {
      if (checker.getSymbolAtLocation(child) === symbol) uses.push(child);
    }
    ts.forEachChild(child, visit);
  };
  visit(node.getSourceFile());
  const writes = uses.filter((use) => isTarget(context, use));
  if (writes.length === 0) return true;
  if (!ts.isVariableDeclaration(node)) return false;
  const own = getFunctionAround(context, node);
  const reads = uses.filter((use) => !writes.includes(use));
  return reads.some((read) => {
    const reader = getFunctionAround(context, read);
    if (reader === own) return false; // The compiler follows it there.
    return !writes.some((write) => isSurelyBefore(context, write, read, node));
  });
}

/** A write that no condition skips, or one in the function that reads or around it. */
function isSurelyBefore(
  context: ProgramContext,
  write: ts.Node,
  read: ts.Node,
  declaration: ts.VariableDeclaration,
): boolean {
  const { ts } = context;
  const writer = getFunctionAround(context, write);
  if (writer !== getFunctionAround(context, declaration)) return true;
  let statement: ts.Node = write;
  while (!ts.isStatement(statement)) statement = statement.parent;
  while (isPassedThrough(context, statement)) statement = statement.parent;
  if (statement.parent === declaration.parent.parent.parent) return true;
  // A branch is enough where the function is made in the same one.
  return read.pos > statement.pos && read.end <= statement.parent.end;
}

/** A block, a `try`, or a choice that has another branch: what a statement in it does is taken to be done. */
function isPassedThrough({ ts }: ProgramContext, { parent }: ts.Node): boolean {
  if (ts.isIfStatement(parent)) return parent.elseStatement !== undefined;
  if (ts.isBlock(parent))
    return ts.isIfStatement(parent.parent) || ts.isTryStatement(parent.parent);
  return (
    ts.isTryStatement(parent) ||
    ts.isCaseOrDefaultClause(parent) ||
    ts.isCaseBlock(parent) ||
    ts.isSwitchStatement(parent)
  );
}

function getFunctionAround({ ts }: ProgramContext, node: ts.Node): ts.Node | null {
  for (let outer = node.parent; outer; outer = outer.parent) {
    if (ts.isFunctionLike(outer)) return outer;
  }
  return null;
}

/** Whether a name is what an assignment, a pattern or a loop writes. */
function isTarget({ ts }: ProgramContext, name: ts.Identifier): boolean {
  const { parent } = name;
  if (ts.isBinaryExpression(parent)) {
    const { kind } = parent.operatorToken;
    const isAssignment =
      kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
    return isAssignment && parent.left === name;
  }
  return (
    ts.isArrayLiteralExpression(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isShorthandPropertyAssignment(parent) ||
    ts.isForOfStatement(parent)
  );
}
