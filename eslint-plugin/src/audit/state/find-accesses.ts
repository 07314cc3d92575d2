import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import type { Place } from '../model/place.js';
import type { AuditedProgram } from '../program/audited-program.js';
import { nodeBetween } from '../program/node-between.js';
import { placeOf } from '../program/place-of.js';

/** More places say nothing more to a reader. */
const MOST_PLACES = 20;

/** Who writes what is kept at a place, and who reads it, in all files of a program. */
export function findAccesses(
  program: AuditedProgram,
  at: Place,
): { readonly writers: readonly Place[]; readonly readers: readonly Place[] } {
  const writers: Place[] = [];
  const readers: Place[] = [];
  const name = nameAt(program, at);
  const symbol = name && symbolOf(program.context, name);
  if (!name || !symbol) return { writers, readers };
  for (const use of usesOf(program, name, symbol)) {
    const places = isWritten(program.context, use) ? writers : readers;
    if (places.length < MOST_PLACES) places.push(placeOf(program, use.parent));
  }
  return { writers, readers };
}

function nameAt(program: AuditedProgram, at: Place): ts.Identifier | null {
  const { context, files, uriOf } = program;
  const { ts } = context;
  const file = files.find(({ fileName }) => uriOf(fileName) === at.uri);
  if (!file) return null;
  const offset = (line: number, column: number) =>
    file.getPositionOfLineAndCharacter(line - 1, column - 1);
  const node = nodeBetween(
    context,
    file,
    offset(at.startLine, at.startColumn),
    offset(at.endLine, at.endColumn),
  );
  if (ts.isIdentifier(node)) return node;
  const { name } = node as { readonly name?: ts.Node };
  return name && ts.isIdentifier(name) ? name : null;
}

function symbolOf({ ts, checker }: ProgramContext, name: ts.Node): ts.Symbol | undefined {
  const symbol = checker.getSymbolAtLocation(name);
  if (!symbol || (symbol.flags & ts.SymbolFlags.Alias) === 0) return symbol;
  return checker.getAliasedSymbol(symbol);
}

function usesOf(
  { context, files }: AuditedProgram,
  declared: ts.Identifier,
  symbol: ts.Symbol,
): readonly ts.Identifier[] {
  const { ts } = context;
  const found: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    const isName = ts.isIdentifier(node) && node.text === declared.text && node !== declared;
    if (isName && symbolOf(context, node) === symbol) found.push(node);
    ts.forEachChild(node, visit);
  };
  for (const file of files) if (file.text.includes(declared.text)) visit(file);
  return found;
}

/** Methods that change what they are called on. */
const CHANGING =
  /^(?:set|add|delete|clear|push|pop|shift|unshift|splice|sort|reverse|fill|enqueue|dequeue|acquire|runExclusive|del|put|remove|emit)$/;

/** Whether a name is assigned to, or something in what it names is changed. */
function isWritten({ ts }: ProgramContext, name: ts.Identifier): boolean {
  let node: ts.Node = name;
  while (
    (ts.isPropertyAccessExpression(node.parent) || ts.isElementAccessExpression(node.parent)) &&
    node.parent.expression === node
  ) {
    node = node.parent;
  }
  const { parent } = node;
  if (ts.isBinaryExpression(parent) && parent.left === node) {
    const { kind } = parent.operatorToken;
    return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
  }
  if (ts.isDeleteExpression(parent) || ts.isPostfixUnaryExpression(parent)) return true;
  if (ts.isPrefixUnaryExpression(parent)) {
    return (
      parent.operator === ts.SyntaxKind.PlusPlusToken ||
      parent.operator === ts.SyntaxKind.MinusMinusToken
    );
  }
  return (
    ts.isCallExpression(parent) &&
    parent.expression === node &&
    ts.isPropertyAccessExpression(node) &&
    CHANGING.test(node.name.text)
  );
}
