import type ts from 'typescript';
import type { ProgramContext } from './program-context.js';

const reaching = new WeakMap<ts.Program, Map<string, ReadonlySet<ts.SourceFile>>>();

/** Whether a file imports one of some packages, or imports a file of the program that does, and so on. */
export function reachesPackage(
  context: ProgramContext,
  file: ts.SourceFile,
  packages: readonly string[],
): boolean {
  const isWanted = ({ text }: ts.StringLiteral): boolean => isOneOf(text, packages);
  return reaches(context, file, packages.join(), isWanted);
}

/** Whether a file imports something by this name, from wherever, or imports a file of the program that does, and so on. */
export function reachesName(context: ProgramContext, file: ts.SourceFile, name: string): boolean {
  const { ts } = context;
  return reaches(context, file, `{ ${name} }`, ({ parent }) => {
    if (!ts.isImportDeclaration(parent)) return false;
    const bindings = parent.importClause?.namedBindings;
    if (!bindings || !ts.isNamedImports(bindings)) return false;
    return bindings.elements.some((each) => (each.propertyName ?? each.name).text === name);
  });
}

function reaches(
  context: ProgramContext,
  file: ts.SourceFile,
  key: string,
  isWanted: (specifier: ts.StringLiteral) => boolean,
): boolean {
  let known = reaching.get(context.program);
  if (!known)
    reaching.set(context.program, (known = new Map<string, ReadonlySet<ts.SourceFile>>()));
  let files = known.get(key);
  if (!files) known.set(key, (files = findReaching(context, isWanted)));
  return files.has(file);
}

function findReaching(
  context: ProgramContext,
  isWanted: (specifier: ts.StringLiteral) => boolean,
): ReadonlySet<ts.SourceFile> {
  const files = context.program.getSourceFiles().filter((file) => !file.isDeclarationFile);
  const pending = files.filter((file) => getImports(context, file).some(isWanted));
  // Most programs use none of a vocabulary's packages, and end here.
  const importers = pending.length === 0 ? null : findImporters(context, files);
  const found = new Set<ts.SourceFile>();
  for (let file = pending.pop(); file; file = pending.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    pending.push(...(importers?.get(file) ?? []));
  }
  return found;
}

function isOneOf(module: string, packages: readonly string[]): boolean {
  // A fork is published under a scope, by the same name.
  const [scope = '', ...rest] = module.split('/');
  const fork = scope.startsWith('@') ? rest.join('/') : null;
  return packages.some((name) => module === name || module.startsWith(`${name}/`) || fork === name);
}

/** By a file of the program: the files that import it. */
function findImporters(
  context: ProgramContext,
  files: readonly ts.SourceFile[],
): ReadonlyMap<ts.SourceFile, readonly ts.SourceFile[]> {
  const importers = new Map<ts.SourceFile, ts.SourceFile[]>();
  for (const file of files) {
    for (const specifier of getImports(context, file)) {
      const [declaration] = context.checker.getSymbolAtLocation(specifier)?.declarations ?? [];
      if (!declaration || !context.ts.isSourceFile(declaration)) continue;
      const others = importers.get(declaration);
      if (others) others.push(file);
      else importers.set(declaration, [file]);
    }
  }
  return importers;
}

/** The modules that the imports and re-exports of a file name. */
function getImports(
  { ts }: ProgramContext,
  { statements }: ts.SourceFile,
): readonly ts.StringLiteral[] {
  const found: ts.StringLiteral[] = [];
  for (const statement of statements) {
    let specifier: ts.Expression | undefined;
    if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) {
      specifier = statement.moduleSpecifier;
    } else if (
      ts.isImportEqualsDeclaration(statement) &&
      ts.isExternalModuleReference(statement.moduleReference)
    ) {
      specifier = statement.moduleReference.expression;
    }
    if (specifier && ts.isStringLiteral(specifier)) found.push(specifier);
  }
  return found;
}
