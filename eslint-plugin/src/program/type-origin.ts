import type ts from 'typescript';
import { step, type ImportOrigin } from './import-origin.js';
import type { ProgramContext } from './program-context.js';

/** Where expressions, symbols and types come from; each asks the others. */
export interface Origins {
  ofExpression(context: ProgramContext, node: ts.Node): ImportOrigin | null;
  ofSymbol(context: ProgramContext, symbol: ts.Symbol): ImportOrigin | null;
  ofType(context: ProgramContext, node: ts.TypeNode): ImportOrigin | null;
}

/** Types of the language that stand for what they are given. */
const TRANSPARENT: ReadonlySet<string> = new Set([
  'Promise',
  'Awaited',
  'Readonly',
  'Partial',
  'Required',
  'NonNullable',
  'Omit',
  'Pick',
  'InstanceType',
]);

/** Where a value of a type comes from, by the name of the type; see `ImportOrigin`. */
export function findTypeOrigin(
  context: ProgramContext,
  origins: Origins,
  node: ts.TypeNode,
): ImportOrigin | null {
  const { ts } = context;
  if (ts.isParenthesizedTypeNode(node)) return origins.ofType(context, node.type);
  if (ts.isUnionTypeNode(node) || ts.isIntersectionTypeNode(node)) {
    for (const member of node.types) {
      const origin = origins.ofType(context, member);
      if (origin) return origin;
    }
    return null;
  }
  if (ts.isTypeQueryNode(node)) return getEntityNameOrigin(context, origins, node.exprName);
  if (ts.isIndexedAccessTypeNode(node)) return getIndexedOrigin(context, origins, node);
  if (ts.isImportTypeNode(node)) return getImportTypeOrigin(context, node);
  return ts.isTypeReferenceNode(node) ? getReferenceOrigin(context, origins, node) : null;
}

function getReferenceOrigin(
  context: ProgramContext,
  origins: Origins,
  node: ts.TypeReferenceNode,
): ImportOrigin | null {
  const { ts, checker } = context;
  const [argument] = node.typeArguments ?? [];
  if (ts.isIdentifier(node.typeName) && argument) {
    if (TRANSPARENT.has(node.typeName.text)) return origins.ofType(context, argument);
    if (node.typeName.text === 'ReturnType') {
      return step(origins.ofType(context, argument), '()');
    }
  }
  let symbol = checker.getSymbolAtLocation(node.typeName);
  if (symbol && symbol.flags & ts.SymbolFlags.Alias) {
    const target = checker.getAliasedSymbol(symbol);
    if (target.declarations?.some((one) => !one.getSourceFile().isDeclarationFile)) symbol = target;
  }
  for (const declaration of symbol?.declarations ?? []) {
    if (ts.isTypeAliasDeclaration(declaration)) {
      return origins.ofType(context, declaration.type);
    }
    if (ts.isInterfaceDeclaration(declaration)) {
      const extended = declaration.heritageClauses?.[0]?.types[0];
      return extended ? step(origins.ofExpression(context, extended.expression), 'type') : null;
    }
    if (ts.isClassLike(declaration)) {
      return step(origins.ofSymbol(context, symbol as ts.Symbol), 'new');
    }
  }
  return step(getEntityNameOrigin(context, origins, node.typeName), 'type');
}

/** `prisma`, `Prisma.TransactionClient` */
function getEntityNameOrigin(
  context: ProgramContext,
  origins: Origins,
  name: ts.EntityName,
): ImportOrigin | null {
  const { ts } = context;
  if (ts.isIdentifier(name)) return origins.ofExpression(context, name);
  return (
    origins.ofExpression(context, name.right) ??
    step(getEntityNameOrigin(context, origins, name.left), `.${name.right.text}`)
  );
}

/** `Parameters<F>[0]`, and `T['property']`. */
function getIndexedOrigin(
  context: ProgramContext,
  origins: Origins,
  { objectType, indexType }: ts.IndexedAccessTypeNode,
): ImportOrigin | null {
  const { ts } = context;
  if (!ts.isLiteralTypeNode(indexType)) return null;
  const index = indexType.literal.getText().replace(/^['"]|['"]$/g, '');
  if (
    ts.isTypeReferenceNode(objectType) &&
    objectType.typeName.getText() === 'Parameters' &&
    objectType.typeArguments?.[0]
  ) {
    return step(origins.ofType(context, objectType.typeArguments[0]), `(${index})`);
  }
  return step(origins.ofType(context, objectType), `.${index}`);
}

/** `import('@prisma/client').PrismaClient` */
function getImportTypeOrigin(
  { ts }: ProgramContext,
  { argument, qualifier }: ts.ImportTypeNode,
): ImportOrigin | null {
  if (!ts.isLiteralTypeNode(argument) || !ts.isStringLiteral(argument.literal)) return null;
  const path = qualifier ? qualifier.getText().split('.') : ['*'];
  return { module: argument.literal.text, path: [...path, 'type'] };
}
