import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import { isRuntimeSource } from '../../program/runtime-package.js';

const told = new WeakMap<ts.Program, Set<string>>();

/** Whether something is to be said of a program for the first time. */
export function isFirstTime(program: ts.Program, topic: string): boolean {
  let topics = told.get(program);
  if (!topics) told.set(program, (topics = new Set()));
  if (topics.has(topic)) return false;
  topics.add(topic);
  return true;
}

const STRICT = ['strictNullChecks', 'strictFunctionTypes', 'strictBindCallApply'] as const;

/** An option of `strict` that a program is compiled without; `null` when it has them all. */
export function findMissingOption(program: ts.Program): string | null {
  const options = program.getCompilerOptions();
  const missing = STRICT.find((name) => (options[name] ?? options.strict) !== true);
  if (missing === undefined) return null;
  return options.strict === true ? missing : 'strict';
}

/** The file that stands in for `@justscale/runtime` where an import names it; `null` when it is the package itself. */
export function findShim(
  context: ProgramContext,
  file: ts.SourceFile,
): { readonly specifier: ts.Expression; readonly shim: ts.SourceFile } | null {
  const { ts, checker, program } = context;
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
    const { moduleSpecifier: specifier } = statement;
    if (!specifier || !ts.isStringLiteral(specifier)) continue;
    const shim = checker
      .getSymbolAtLocation(specifier)
      ?.declarations?.find((declaration) => ts.isSourceFile(declaration));
    if (!shim || isRuntimeSource(program, shim)) continue;
    const isNamed = /^@justscale\/runtime(?:$|\/)/.test(specifier.text);
    if (isNamed || isInlinedRuntime(context, shim)) return { specifier, shim };
  }
  return null;
}

/** Whether a file declares the lock API itself: a copy of the runtime. */
function isInlinedRuntime({ ts, checker }: ProgramContext, file: ts.SourceFile): boolean {
  if (!file.text.includes('Locked') || !file.text.includes('lockMany')) return false;
  const symbol = checker.getSymbolAtLocation(file);
  const isDeclaredHere = (name: string): boolean =>
    symbol?.exports
      ?.get(ts.escapeLeadingUnderscores(name))
      ?.declarations?.some(
        (node) => node.getSourceFile() === file && !ts.isExportSpecifier(node),
      ) ?? false;
  return isDeclaredHere('Locked') && isDeclaredHere('Repository');
}
