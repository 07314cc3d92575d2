import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import { isDeclaredByRuntime } from '../../program/runtime-package.js';

/** Whether a `declare module` changes types of the runtime, by its name or by way of a module that exports them again. */
export function isAugmentation({ ts, checker, program }: ProgramContext, node: ts.Node): boolean {
  if (!ts.isModuleDeclaration(node) || !ts.isStringLiteral(node.name)) return false;
  if (/^@justscale\/runtime(?:$|\/)/.test(node.name.text)) return true;
  if (!node.body || !ts.isModuleBlock(node.body)) return false;
  return node.body.statements.some((statement) => {
    if (!ts.isInterfaceDeclaration(statement) && !ts.isClassDeclaration(statement)) return false;
    const symbol = statement.name && checker.getSymbolAtLocation(statement.name);
    const exported = statement.name && getMergedExport(statement.name.text);
    return [symbol, exported].some((candidate) =>
      candidate?.declarations?.some((declaration) => isDeclaredByRuntime(program, declaration)),
    );
  });

  /** The symbol that the name stands for in the module that is augmented. */
  function getMergedExport(name: string): ts.Symbol | undefined {
    const target = checker.getSymbolAtLocation((node as ts.ModuleDeclaration).name);
    const found = target && checker.getExportsOfModule(target).find((entry) => entry.name === name);
    if (!found) return undefined;
    return found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
  }
}
