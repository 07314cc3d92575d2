import type ts from 'typescript';
import type { ProgramContext } from './program-context.js';

const indexes = new WeakMap<ts.Program, ReadonlyMap<ts.Symbol, readonly ts.ClassDeclaration[]>>();

/** The classes of the program that name an interface or class in their `implements` or `extends`. */
export function getImplementers(
  context: ProgramContext,
  symbol: ts.Symbol,
): readonly ts.ClassDeclaration[] {
  let index = indexes.get(context.program);
  if (!index) indexes.set(context.program, (index = createIndex(context)));
  return index.get(symbol) ?? [];
}

function createIndex(context: ProgramContext) {
  const { ts, program } = context;
  const index = new Map<ts.Symbol, ts.ClassDeclaration[]>();
  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile) continue;
    for (const statement of file.statements) {
      if (ts.isClassDeclaration(statement)) addClass(context, index, statement);
    }
  }
  return index;
}

function addClass(
  context: ProgramContext,
  index: Map<ts.Symbol, ts.ClassDeclaration[]>,
  declaration: ts.ClassDeclaration,
): void {
  for (const clause of declaration.heritageClauses ?? []) {
    for (const { expression } of clause.types) {
      const symbol = getDeclaredSymbol(context, expression);
      if (!symbol) continue;
      const known = index.get(symbol);
      if (known) known.push(declaration);
      else index.set(symbol, [declaration]);
    }
  }
}

/** The symbol that a name stands for, through imports and re-exports. */
export function getDeclaredSymbol(context: ProgramContext, node: ts.Node): ts.Symbol | undefined {
  const { ts, checker } = context;
  const symbol = checker.getSymbolAtLocation(node);
  if (!symbol || !(symbol.flags & ts.SymbolFlags.Alias)) return symbol;
  return checker.getAliasedSymbol(symbol);
}
