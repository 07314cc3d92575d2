import type ts from 'typescript';
import { remembering } from '../../program/memo.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getDeclaration } from './value-origin.js';

/** How many names a function is followed through. */
const DEPTH = 4;

/** Where the functions that resolve promises are kept in a file: variables and properties, by their symbols and names. */
interface Holders {
  readonly symbols: Set<ts.Symbol>;
  readonly properties: Set<string>;
}

/**
 * The place that a function which resolves a promise is called from: `resolve`, whatever it is called, or what it is kept in or
 * taken out of; `null` for other functions.
 */
export function findResolver(
  context: ProgramContext,
  callee: ts.Expression,
  depth: number = DEPTH,
): ts.Expression | null {
  const { ts } = context;
  const inner = unwrapExpression(context, callee);
  if (depth === 0) return null;
  if (ts.isIdentifier(inner)) return findByName(context, inner, depth);
  if (ts.isPropertyAccessExpression(inner)) {
    const isNamed = inner.name.text === 'resolve' && inner.expression.getText() !== 'Promise';
    return isNamed ? inner : getHolder(context, inner);
  }
  if (ts.isElementAccessExpression(inner)) return getHolder(context, inner.expression);
  // `waiting.shift()?.(account)`
  return ts.isCallExpression(inner) ? getReceivingHolder(context, inner) : null;
}

function findByName(
  context: ProgramContext,
  name: ts.Identifier,
  depth: number,
): ts.Expression | null {
  const { ts } = context;
  const declaration = getDeclaration(context, name);
  if (!declaration) return null;
  if (ts.isBindingElement(declaration)) {
    return (declaration.propertyName ?? declaration.name).getText() === 'resolve' ? name : null;
  }
  if (ts.isParameter(declaration)) {
    if (isParameterOfExecutor(context, declaration)) return name;
    // `waiting.forEach((give) => give(account))`
    const around = declaration.parent.parent;
    return ts.isCallExpression(around) ? getReceivingHolder(context, around) : null;
  }
  const holder = getHolder(context, name);
  if (holder || !ts.isVariableDeclaration(declaration)) return holder;
  const loop = declaration.parent.parent;
  if (ts.isForOfStatement(loop)) return getHolder(context, loop.expression);
  const { initializer } = declaration;
  return initializer ? findResolver(context, initializer, depth - 1) : null;
}

/** The holder that a method is called on. */
function getReceivingHolder(
  context: ProgramContext,
  call: ts.CallExpression,
): ts.Expression | null {
  const { expression } = call;
  return context.ts.isPropertyAccessExpression(expression)
    ? getHolder(context, expression.expression)
    : null;
}

/** The first parameter of the function in `new Promise(…)` */
function isParameterOfExecutor(
  { ts }: ProgramContext,
  parameter: ts.ParameterDeclaration,
): boolean {
  const { parent } = parameter.parent;
  return (
    ts.isNewExpression(parent) &&
    ts.isIdentifier(parent.expression) &&
    parent.expression.text === 'Promise' &&
    parameter.parent.parameters[0] === parameter
  );
}

/** A variable or property, when it is one in which its file keeps what resolves a promise; `null` otherwise. */
function getHolder(context: ProgramContext, place: ts.Expression): ts.Expression | null {
  const { ts } = context;
  const inner = unwrapExpression(context, place);
  const isProperty = ts.isPropertyAccessExpression(inner);
  if (!isProperty && !ts.isIdentifier(inner)) return null;
  const symbol = context.checker.getSymbolAtLocation(isProperty ? inner.name : inner);
  const file = symbol?.declarations?.[0]?.getSourceFile();
  if (!symbol || !file || file.isDeclarationFile) return null;
  const holders = getHolders(context, file);
  const isKept =
    holders.symbols.has(symbol) || (isProperty && holders.properties.has(inner.name.text));
  return isKept ? inner : null;
}

const getHolders = remembering(findHolders, { symbols: new Set(), properties: new Set() });

function findHolders(context: ProgramContext, file: ts.SourceFile): Holders {
  const { ts, checker } = context;
  const holders: Holders = { symbols: new Set(), properties: new Set() };
  if (!/new Promise|withResolvers/.test(file.text)) return holders;
  const isGiven = (value: ts.Expression): boolean => {
    const inner = unwrapExpression(context, value);
    if (!ts.isIdentifier(inner)) return false;
    const declaration = getDeclaration(context, inner);
    return (
      declaration !== undefined &&
      ts.isParameter(declaration) &&
      isParameterOfExecutor(context, declaration)
    );
  };
  const keep = (place: ts.Expression): void => {
    const inner = unwrapExpression(context, place);
    const name = ts.isPropertyAccessExpression(inner) ? inner.name : inner;
    const symbol = checker.getSymbolAtLocation(name);
    if (symbol) holders.symbols.add(symbol);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && isGiven(node.right)) {
      keep(ts.isElementAccessExpression(node.left) ? node.left.expression : node.left);
    } else if (
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      node.arguments.some(isGiven)
    ) {
      keep(node.expression.expression);
    } else if (ts.isPropertyAssignment(node) && isGiven(node.initializer)) {
      holders.properties.add(node.name.getText());
    } else if (ts.isShorthandPropertyAssignment(node) && isGiven(node.name)) {
      holders.properties.add(node.name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return holders;
}
