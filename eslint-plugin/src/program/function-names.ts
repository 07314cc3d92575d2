import type ts from 'typescript';
import { getCalledName } from './called-name.js';
import type { ProgramContext } from './program-context.js';
import { isRuntimeSource } from './runtime-package.js';
import { unwrapExpression } from './unwrap-expression.js';

/** By the name of a function or an alias: the names that it calls or stands for. */
type Names = Map<string, Set<string>>;

/** The names in one file. */
interface FileNames {
  readonly names: Names;
  /** Functions that return a function. */
  readonly makers: ReadonlySet<string>;
  /** By the name of what a call returned: the name of what was called, and what its arguments call. */
  readonly results: ReadonlyMap<string, readonly [maker: string, ...others: string[]]>;
}

/** What the functions of a program are called, without asking for a single type. */
export interface FunctionNames {
  /** Whether a function of the program, or another name for one, may go by a name. */
  isDeclared(name: string): boolean;
  /** Whether what goes by a name may call something that is called one of `targets`, itself or in what it calls. */
  mayReach(name: string, targets: ReadonlySet<string>): boolean;
}

const programs = new WeakMap<ts.Program, FunctionNames>();
const files = new WeakMap<ts.SourceFile, FileNames>();

/** The names of the program's functions: read once, and again only for files that changed. */
export function getFunctionNames(context: ProgramContext): FunctionNames {
  let known = programs.get(context.program);
  if (!known) programs.set(context.program, (known = createFunctionNames(context)));
  return known;
}

function createFunctionNames(context: ProgramContext): FunctionNames {
  const callers = new Map<string, string[]>();
  const declared = new Set<string>();
  const note = (name: string, used: Iterable<string>): void => {
    declared.add(name);
    for (const other of used) {
      const list = callers.get(other);
      if (list) list.push(name);
      else callers.set(other, [name]);
    }
  };
  const read = context.program
    .getSourceFiles()
    .filter((file) => !file.isDeclarationFile && !isRuntimeSource(context.program, file))
    .map((file) => getNamesOf(context, file));
  const makers = new Set(read.flatMap((file) => [...file.makers]));
  for (const { names, results } of read) {
    for (const [name, used] of names) note(name, used);
    for (const [name, used] of results) if (makers.has(used[0])) note(name, used);
  }
  const reaching = new Map<ReadonlySet<string>, ReadonlySet<string>>();
  return {
    isDeclared: (name) => declared.has(name),
    mayReach(name, targets) {
      let names = reaching.get(targets);
      if (!names) reaching.set(targets, (names = withCallers(targets, callers)));
      return names.has(name);
    },
  };
}

/** The callers of `targets`, and theirs, without the targets themselves. */
function withCallers(
  targets: ReadonlySet<string>,
  callers: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const found = new Set<string>();
  const pending = [...targets];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    for (const caller of callers.get(name) ?? []) {
      if (found.has(caller)) continue;
      found.add(caller);
      pending.push(caller);
    }
  }
  return found;
}

function getNamesOf(context: ProgramContext, file: ts.SourceFile): FileNames {
  let known = files.get(file);
  if (!known) files.set(file, (known = readNames(context, file)));
  return known;
}

function readNames(context: ProgramContext, file: ts.SourceFile): FileNames {
  const { ts } = context;
  const names: Names = new Map();
  const makers = new Set<string>();
  const results = new Map<string, readonly [maker: string, ...others: string[]]>();

  const usesOf = (name: string): Set<string> => {
    let uses = names.get(name);
    if (!uses) names.set(name, (uses = new Set()));
    return uses;
  };

  /** @param around what the code around the node uses; `null` outside of functions */
  const visit = (node: ts.Node, around: Set<string> | null): void => {
    if (ts.isTypeNode(node)) return;
    if (ts.isCallExpression(node)) {
      const called = getCalledName(context, node);
      if (called) around?.add(called.name);
    }
    const declared = getDeclaredNames(context, node);
    if (!declared) {
      const result = getResult(context, node);
      if (result) results.set(result.name, [result.maker, ...result.others]);
      ts.forEachChild(node, (child) => visit(child, around));
      return;
    }
    const uses = new Set(declared.aliasOf === null ? [] : [declared.aliasOf]);
    ts.forEachChild(node, (child) => visit(child, uses));
    const isMaker = returnsFunction(context, node);
    for (const name of declared.names) {
      if (isMaker) makers.add(name);
      const all = usesOf(name);
      for (const used of uses) all.add(used);
    }
    if (around) for (const used of uses) around.add(used);
  };

  visit(file, null);
  return { names, makers, results };
}

/** `const find = finderOf(pool)(users)`, and `this.find = …` of a class. */
function getResult(
  context: ProgramContext,
  node: ts.Node,
): { readonly name: string; readonly maker: string; readonly others: readonly string[] } | null {
  const { ts } = context;
  let name: ts.Node;
  let value: ts.Expression | undefined;
  if (ts.isBinaryExpression(node) && ts.isPropertyAccessExpression(node.left)) {
    if (node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return null;
    name = node.left.name;
    value = node.right;
  } else if (
    ts.isVariableDeclaration(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isPropertyDeclaration(node)
  ) {
    name = node.name;
    value = node.initializer;
  } else {
    return null;
  }
  if (!value || !(ts.isIdentifier(name) || ts.isPrivateIdentifier(name))) return null;
  let callee = unwrapExpression(context, value);
  if (!ts.isCallExpression(callee)) return null;
  while (ts.isCallExpression(callee)) callee = unwrapExpression(context, callee.expression);
  const maker = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  if (!ts.isIdentifier(maker)) return null;
  return { name: name.text, maker: maker.text, others: getCalledNames(context, value) };
}

function getCalledNames(context: ProgramContext, node: ts.Node): readonly string[] {
  const { ts } = context;
  const names: string[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isCallExpression(child)) {
      let callee = unwrapExpression(context, child.expression);
      while (ts.isCallExpression(callee)) callee = unwrapExpression(context, callee.expression);
      const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
      if (ts.isIdentifier(name)) names.push(name.text);
    }
    ts.forEachChild(child, visit);
  };
  visit(node);
  return names;
}

/** Whether a function that is declared here returns one. */
function returnsFunction(context: ProgramContext, node: ts.Node): boolean {
  const { ts } = context;
  const isFunction = (value: ts.Node | undefined): value is ts.FunctionExpression =>
    value !== undefined && (ts.isArrowFunction(value) || ts.isFunctionExpression(value));
  const initializer =
    'initializer' in node ? (node.initializer as ts.Expression | undefined) : undefined;
  const own = initializer ? unwrapExpression(context, initializer) : node;
  if (!ts.isFunctionLike(own) || !('body' in own) || !own.body) return false;
  const { body } = own;
  if (!ts.isBlock(body)) return isFunction(unwrapExpression(context, body));
  return body.statements.some(
    (one) =>
      ts.isReturnStatement(one) &&
      one.expression !== undefined &&
      isFunction(unwrapExpression(context, one.expression)),
  );
}

interface DeclaredNames {
  readonly names: readonly string[];
  /** The other name for which these stand. */
  readonly aliasOf: string | null;
}

/** The names that a node gives to a function or to another name; `null` when it gives none. */
function getDeclaredNames(context: ProgramContext, node: ts.Node): DeclaredNames | null {
  const { ts } = context;
  switch (node.kind) {
    case ts.SyntaxKind.FunctionDeclaration:
    case ts.SyntaxKind.FunctionExpression:
    case ts.SyntaxKind.MethodDeclaration:
    case ts.SyntaxKind.GetAccessor:
    case ts.SyntaxKind.SetAccessor: {
      const { name } = node as ts.FunctionLikeDeclaration;
      const names = isDefaultExport(context, node) ? ['default'] : [];
      if (name) names.push(textOf(context, name));
      return names.length > 0 ? { names, aliasOf: null } : null;
    }
    case ts.SyntaxKind.VariableDeclaration:
    case ts.SyntaxKind.PropertyDeclaration:
    case ts.SyntaxKind.PropertyAssignment: {
      const { name, initializer } = node as ts.VariableDeclaration | ts.PropertyAssignment;
      if (!initializer || ts.isObjectBindingPattern(name) || ts.isArrayBindingPattern(name)) {
        return null;
      }
      const inner = unwrapExpression(context, initializer);
      if (ts.isIdentifier(inner)) return { names: [textOf(context, name)], aliasOf: inner.text };
      const isFunction = ts.isArrowFunction(inner) || ts.isFunctionExpression(inner);
      return isFunction ? { names: [textOf(context, name)], aliasOf: null } : null;
    }
    case ts.SyntaxKind.BindingElement: {
      const { name, propertyName } = node as ts.BindingElement;
      return propertyName && ts.isIdentifier(propertyName) && ts.isIdentifier(name)
        ? { names: [name.text], aliasOf: propertyName.text }
        : null;
    }
    case ts.SyntaxKind.ShorthandPropertyAssignment: {
      const { text } = (node as ts.ShorthandPropertyAssignment).name;
      return { names: [text], aliasOf: text };
    }
    case ts.SyntaxKind.ImportSpecifier:
    case ts.SyntaxKind.ExportSpecifier: {
      const { name, propertyName } = node as ts.ImportSpecifier | ts.ExportSpecifier;
      return { names: [name.text], aliasOf: (propertyName ?? name).text };
    }
    case ts.SyntaxKind.ImportClause: {
      // Its specifiers name themselves: they are children, and nobody is around them.
      const { name } = node as ts.ImportClause;
      return name ? { names: [name.text], aliasOf: 'default' } : null;
    }
    case ts.SyntaxKind.ImportEqualsDeclaration: {
      const { name, moduleReference } = node as ts.ImportEqualsDeclaration;
      const isModule = ts.isExternalModuleReference(moduleReference);
      return { names: [name.text], aliasOf: isModule ? 'default' : lastName(ts, moduleReference) };
    }
    case ts.SyntaxKind.ExportAssignment: {
      const { expression } = node as ts.ExportAssignment;
      const inner = unwrapExpression(context, expression);
      return ts.isIdentifier(inner) ? { names: ['default'], aliasOf: inner.text } : null;
    }
    default:
      return null;
  }
}

function isDefaultExport({ ts }: ProgramContext, node: ts.Node): boolean {
  return (
    ts.isFunctionDeclaration(node) &&
    (node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) ?? false)
  );
}

function lastName(typescript: typeof ts, name: ts.EntityName): string {
  return typescript.isIdentifier(name) ? name.text : name.right.text;
}

/** A name as who uses it writes it; one that is computed has to be asked for. */
function textOf({ ts, checker }: ProgramContext, name: ts.DeclarationName): string {
  if (ts.isComputedPropertyName(name)) {
    const { expression } = name;
    if (ts.isStringLiteralLike(expression)) return expression.text;
    // `[Symbol.iterator]`: nobody calls it by a name.
    if (ts.isPropertyAccessExpression(expression)) return '';
    return checker.getSymbolAtLocation(name)?.name ?? '';
  }
  return 'text' in name ? name.text : '';
}
