import type ts from 'typescript';
import { step, type ImportOrigin } from './import-origin.js';
import { remembering } from './memo.js';
import type { ProgramContext } from './program-context.js';
import { findTypeOrigin, type Origins } from './type-origin.js';
import { unwrapExpression } from './unwrap-expression.js';

/**
 * Where a value comes from, by imports, annotations and initialisers, through the files of the program. The package
 * itself need not be installed. `null` when it is made in the program, or nothing says where it is from.
 */
export const getImportOrigin: (context: ProgramContext, node: ts.Node) => ImportOrigin | null =
  remembering((context, node) => findOrigin(context, node), null);

function findOrigin(context: ProgramContext, start: ts.Node): ImportOrigin | null {
  const { ts } = context;
  if (ts.isAsExpression(start) || ts.isTypeAssertionExpression(start)) {
    return getTypeOrigin(context, start.type) ?? getImportOrigin(context, start.expression);
  }
  const node = ts.isExpression(start) ? unwrapExpression(context, start) : start;
  if (node !== start) return getImportOrigin(context, node);
  if (ts.isIdentifier(node)) return getNameOrigin(context, node);
  if (ts.isPropertyAccessExpression(node)) {
    return (
      getNameOrigin(context, node.name) ??
      step(getImportOrigin(context, node.expression), `.${node.name.text}`)
    );
  }
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    const { expression, argumentExpression } = node;
    return step(getImportOrigin(context, expression), `.${argumentExpression.text}`);
  }
  if (ts.isAwaitExpression(node)) return getImportOrigin(context, node.expression);
  if (ts.isNewExpression(node)) return getInstanceOrigin(context, node.expression);
  if (ts.isCallExpression(node)) return getCallOrigin(context, node);
  if (ts.isTaggedTemplateExpression(node)) return step(getImportOrigin(context, node.tag), '()');
  if (ts.isBinaryExpression(node)) {
    const { left, right } = node;
    return getImportOrigin(context, right) ?? getImportOrigin(context, left);
  }
  if (ts.isConditionalExpression(node)) {
    const { whenTrue, whenFalse } = node;
    return getImportOrigin(context, whenTrue) ?? getImportOrigin(context, whenFalse);
  }
  return null;
}

/** What a name stands for: through imports of files of the program, by its declaration. */
function getNameOrigin(
  context: ProgramContext,
  name: ts.Identifier | ts.MemberName,
): ImportOrigin | null {
  const { ts, checker } = context;
  let symbol = checker.getSymbolAtLocation(name);
  if (ts.isShorthandPropertyAssignment(name.parent)) {
    symbol = checker.getShorthandAssignmentValueSymbol(name.parent);
  }
  return symbol ? getSymbolOrigin(context, symbol) : null;
}

/** Where what a symbol stands for comes from. */
function getSymbolOrigin(context: ProgramContext, symbol: ts.Symbol): ImportOrigin | null {
  const { ts, checker } = context;
  if (symbol.flags & ts.SymbolFlags.Alias) {
    const target = checker.getAliasedSymbol(symbol);
    const declaration = target.declarations?.[0];
    if (declaration && !declaration.getSourceFile().isDeclarationFile) {
      return getSymbolOrigin(context, target);
    }
    return getImportedOrigin(context, symbol);
  }
  for (const declaration of symbol.declarations ?? []) {
    if (declaration.getSourceFile().isDeclarationFile) continue;
    const origin = getDeclarationOrigin(context, declaration);
    if (origin) return origin;
  }
  return null;
}

/** The module that an import names, and what is imported of it. */
function getImportedOrigin({ ts }: ProgramContext, symbol: ts.Symbol): ImportOrigin | null {
  const [declaration] = symbol.declarations ?? [];
  if (!declaration) return null;
  const imported = ts.findAncestor(
    declaration,
    (node) =>
      ts.isImportDeclaration(node) ||
      ts.isExportDeclaration(node) ||
      ts.isImportEqualsDeclaration(node),
  );
  const module = imported && getModule(ts, imported);
  if (module === undefined) return null;
  if (ts.isImportSpecifier(declaration) || ts.isExportSpecifier(declaration)) {
    return { module, path: [(declaration.propertyName ?? declaration.name).text] };
  }
  return { module, path: [ts.isImportClause(declaration) ? 'default' : '*'] };
}

function getModule(typescript: typeof ts, node: ts.Node): string | undefined {
  const specifier =
    typescript.isImportEqualsDeclaration(node) &&
    typescript.isExternalModuleReference(node.moduleReference)
      ? node.moduleReference.expression
      : (node as ts.ImportDeclaration).moduleSpecifier;
  return specifier && typescript.isStringLiteral(specifier) ? specifier.text : undefined;
}

function getDeclarationOrigin(context: ProgramContext, node: ts.Declaration): ImportOrigin | null {
  const { ts } = context;
  if (ts.isBindingElement(node)) return getBindingOrigin(context, node);
  if (ts.isParameter(node)) return getParameterOrigin(context, node);
  if (
    ts.isVariableDeclaration(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertySignature(node)
  ) {
    const annotated = node.type ? getTypeOrigin(context, node.type) : null;
    const { initializer } = node as ts.VariableDeclaration;
    return annotated ?? (initializer ? getImportOrigin(context, initializer) : null);
  }
  if (ts.isPropertyAssignment(node)) return getImportOrigin(context, node.initializer);
  if (ts.isShorthandPropertyAssignment(node)) return getImportOrigin(context, node.name);
  if (ts.isGetAccessor(node)) return getReturnedOrigin(context, node);
  if (ts.isClassLike(node)) return getBaseOrigin(context, node);
  if (ts.isExportAssignment(node)) return getImportOrigin(context, node.expression);
  return null;
}

/** The class that a class of the program extends. */
function getBaseOrigin(context: ProgramContext, node: ts.ClassLikeDeclaration) {
  const extended = node.heritageClauses?.find(
    ({ token }) => token === context.ts.SyntaxKind.ExtendsKeyword,
  )?.types[0];
  return extended ? getImportOrigin(context, extended.expression) : null;
}

function getInstanceOrigin(context: ProgramContext, type: ts.Expression) {
  return step(getImportOrigin(context, type), 'new');
}

function getBindingOrigin(context: ProgramContext, node: ts.BindingElement): ImportOrigin | null {
  const { ts } = context;
  const owner = node.parent.parent;
  const name = node.propertyName ?? node.name;
  const of = getDeclarationOrigin(context, owner);
  if (!ts.isIdentifier(name) || !ts.isObjectBindingPattern(node.parent)) return null;
  if (of) return step(of, `.${name.text}`);
  // What is taken out of an object of the program, whose type knows its properties.
  const property = context.checker.getTypeAtLocation(node.parent).getProperty(name.text);
  return property ? getSymbolOrigin(context, property) : null;
}

/** By its annotation; the parameter of a callback, by the function that the callback is given to. */
function getParameterOrigin(
  context: ProgramContext,
  node: ts.ParameterDeclaration,
): ImportOrigin | null {
  const { ts } = context;
  if (node.type) return getTypeOrigin(context, node.type);
  if (node.initializer) return getImportOrigin(context, node.initializer);
  const callback = node.parent;
  const call = callback.parent;
  if (!ts.isCallExpression(call)) return null;
  const argument = call.arguments.findIndex((candidate) => candidate === callback);
  const parameter = callback.parameters.indexOf(node);
  const callee = argument < 0 ? null : getImportOrigin(context, call.expression);
  return step(callee, `(${String(argument)})`, `(${String(parameter)})`);
}

/** What a call returns: of a function of the program, by what it returns. */
function getCallOrigin(context: ProgramContext, node: ts.CallExpression): ImportOrigin | null {
  const { ts, checker } = context;
  const callee = unwrapExpression(context, node.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  if (ts.isIdentifier(name)) {
    let symbol = checker.getSymbolAtLocation(name);
    if (symbol && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
    const declaration = symbol?.declarations?.find((one) => !one.getSourceFile().isDeclarationFile);
    const called = declaration && getFunction(context, declaration);
    if (called) return getReturnedOrigin(context, called);
    const [module] = node.arguments;
    if (name.text === 'require' && module && ts.isStringLiteral(module)) {
      return { module: module.text, path: ['*'] };
    }
  }
  return step(getImportOrigin(context, callee), '()');
}

function getFunction(
  { ts }: ProgramContext,
  declaration: ts.Declaration,
): ts.FunctionLikeDeclaration | null {
  if (ts.isFunctionDeclaration(declaration) || ts.isMethodDeclaration(declaration)) {
    return declaration;
  }
  const { initializer } = declaration as ts.VariableDeclaration;
  if (!initializer) return null;
  return ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer)
    ? initializer
    : null;
}

function getReturnedOrigin(
  context: ProgramContext,
  { type, body }: ts.FunctionLikeDeclaration,
): ImportOrigin | null {
  const { ts } = context;
  const annotated = type ? getTypeOrigin(context, type) : null;
  if (annotated || !body) return annotated;
  if (!ts.isBlock(body)) return getImportOrigin(context, body);
  for (const statement of body.statements) {
    if (!ts.isReturnStatement(statement) || !statement.expression) continue;
    return getImportOrigin(context, statement.expression);
  }
  return null;
}

const getTypeOrigin: (context: ProgramContext, node: ts.TypeNode) => ImportOrigin | null =
  remembering((context, node) => findTypeOrigin(context, ORIGINS, node), null);

const ORIGINS: Origins = {
  ofExpression: getImportOrigin,
  ofSymbol: getSymbolOrigin,
  ofType: getTypeOrigin,
};
