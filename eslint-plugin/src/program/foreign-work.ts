import type ts from 'typescript';
import { getDeclaredSymbol } from './class-index.js';
import type { ProgramContext } from './program-context.js';
import { isDeclaredByRuntime } from './runtime-package.js';
import { unwrapExpression } from './unwrap-expression.js';

/** What speaks to the database: that is what a lock is held for. */
const DATABASE_PACKAGE =
  /\/node_modules\/(?:@types\/)?(?:pg|pg-promise|postgres|slonik|@slonik\/[^/]+|mysql2|@neondatabase\/serverless|@vercel\/postgres|@prisma\/client|\.prisma\/client|drizzle-orm|kysely|knex|objection|typeorm|sequelize|@mikro-orm\/[^/]+|mongoose|mongodb)\//;

/**
 * Whether a call of which the program has no body returns a promise of somebody else: of a package, of Node.js, of
 * an interface that nothing in the program implements. A callback that a function was given is its caller's.
 */
export function isForeignPromise(context: ProgramContext, node: ts.CallExpression): boolean {
  const { ts } = context;
  const callee = unwrapExpression(context, node.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  const declaration = getDeclaration(context, name);
  if (!declaration || isCallback(ts, declaration) || isAssertion(ts, declaration)) return false;
  if (isDeclaredByRuntime(context.program, declaration)) return false;
  if (RUNNER_PACKAGE.test(declaration.getSourceFile().fileName)) return false;
  if (passesOnResult(context, node)) return false;
  return isThenable(context, context.checker.getTypeAtLocation(node));
}

/** What runs the functions that it is given, and waits for nothing of its own. */
const RUNNER_PACKAGE =
  /\/node_modules\/(?:@types\/)?(?:effect|fp-ts|neverthrow|lodash(?:-es|\.[^/]+)?|ramda|remeda|rxjs|p-(?:all|each-series|limit|map|map-series|props|queue|series))\//;

/** Whether a call answers what a function that it is given answers: `storage.run(context, work)`, `pipe(held, write)`. */
function passesOnResult({ ts, checker }: ProgramContext, node: ts.CallExpression): boolean {
  const { type } = checker.getResolvedSignature(node)?.declaration ?? {};
  if (!type || !ts.isTypeNode(type)) return false;
  const { flags } = checker.getTypeFromTypeNode(type);
  const isOpen = (flags & (ts.TypeFlags.TypeParameter | ts.TypeFlags.Conditional)) !== 0;
  return isOpen && node.arguments.some((argument) => isFunction(checker, argument));
}

function isFunction(checker: ts.TypeChecker, argument: ts.Expression): boolean {
  return checker.getTypeAtLocation(argument).getCallSignatures().length > 0;
}

/** Whether a call is one of a database's client. */
export function isDatabaseWork(context: ProgramContext, node: ts.CallExpression): boolean {
  const callee = unwrapExpression(context, node.expression);
  const name = context.ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  const file = getDeclaration(context, name)?.getSourceFile().fileName;
  return file !== undefined && DATABASE_PACKAGE.test(file);
}

function getDeclaration(context: ProgramContext, name: ts.Node): ts.Declaration | undefined {
  return getDeclaredSymbol(context, name)?.declarations?.[0];
}

function isCallback(typescript: typeof ts, declaration: ts.Declaration): boolean {
  if (typescript.isParameter(declaration)) return true;
  if (typescript.isBindingElement(declaration)) return true;
  // `for (const step of steps) await step(account)`: a unit of work runs its own steps.
  if (typescript.isVariableDeclaration(declaration))
    return typescript.isForOfStatement(declaration.parent.parent);
  if (!typescript.isPropertySignature(declaration)) return false;
  return /^on[A-Z]/.test(declaration.name.getText());
}

const ASSERTION_PACKAGE =
  /\/node_modules\/(?:@types\/)?(?:vitest|@vitest\/[^/]+|jest|@jest\/[^/]+|expect|chai|chai-as-promised)\//;
const ASSERTION_MODULE = /^(?:node:)?assert(?:\/strict)?$/;

/** What waits for the promise that it is given and for nothing else: `assert.rejects`, `expect(…).rejects`. */
function isAssertion(typescript: typeof ts, declaration: ts.Declaration): boolean {
  const { fileName } = declaration.getSourceFile();
  return (
    ASSERTION_PACKAGE.test(fileName) ||
    ASSERTION_MODULE.test(getAmbientModule(typescript, declaration) ?? '')
  );
}

/** The name of the module in whose `declare module` a declaration stands, as those of Node.js do. */
function getAmbientModule(typescript: typeof ts, declaration: ts.Node): string | undefined {
  let name: string | undefined;
  for (let node = declaration; !typescript.isSourceFile(node); node = node.parent) {
    if (typescript.isModuleDeclaration(node)) name = node.name.text;
  }
  return name;
}

/** Whether a value of a type can be awaited for something. */
export function isThenable(context: ProgramContext, type: ts.Type): boolean {
  const { ts, checker } = context;
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return false;
  if (type.isUnion()) return type.types.some((member) => isThenable(context, member));
  if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))) return false;
  return type.symbol?.name === 'Promise' || checker.getPropertyOfType(type, 'then') !== undefined;
}

/** Whether the items of a stream come from a package or from Node.js, such as those of a `Readable`. */
export function isForeignStream(context: ProgramContext, expression: ts.Expression): boolean {
  const { checker, program } = context;
  const declaration = checker.getTypeAtLocation(expression).symbol?.declarations?.[0];
  if (!declaration || isDeclaredByRuntime(program, declaration)) return false;
  const file = declaration.getSourceFile();
  return file.isDeclarationFile && !program.isSourceFileDefaultLibrary(file);
}

/** Modules whose functions named `…Sync` wait for the operating system. */
const BLOCKING_MODULES = /^(?:node:)?(?:fs|child_process|zlib)$/;

/** Whether a call blocks the process on a file or another process: `readFileSync`, `execSync`. */
export function isSynchronousIo(context: ProgramContext, node: ts.CallExpression): boolean {
  const { ts } = context;
  const callee = unwrapExpression(context, node.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  if (!ts.isIdentifier(name) || !name.text.endsWith('Sync')) return false;
  const declaration = getDeclaration(context, name);
  return !!declaration && BLOCKING_MODULES.test(getAmbientModule(ts, declaration) ?? '');
}
