import type ts from 'typescript';
import { getFunctions } from '../../program/callee.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getEffect } from '../../vocabulary/effects.js';
import { assignCompound } from './assignments.js';
import { evaluateCall, named } from './calls.js';
import { existenceOf, isComparison } from './conditions.js';
import { evaluateEffect } from './evaluate-effect.js';
import type { Flow } from './flow.js';
import { elementValue, inOrder } from './iteration.js';
import { getNumber } from './literals.js';
import { evaluateNew } from './new-expressions.js';
import { reportPending } from './pending.js';
import { readElement, readProperty } from './properties.js';
import {
  asked,
  derivedFrom,
  joinValues,
  UNKNOWN,
  withChoices,
  withReads,
  type Value,
} from './value.js';

/** The value of an expression. */
export function evaluateExpression(flow: Flow, node: ts.Expression): Value {
  const { ts } = flow.context;
  const { SyntaxKind } = ts;
  switch (node.kind) {
    case SyntaxKind.Identifier:
      return evaluateIdentifier(flow, node as ts.Identifier);
    case SyntaxKind.ThisKeyword:
      return evaluateThis(flow, node);
    case SyntaxKind.StringLiteral:
    case SyntaxKind.NoSubstitutionTemplateLiteral:
      return {
        ...UNKNOWN,
        identity: { key: JSON.stringify((node as ts.StringLiteralLike).text), origins: [] },
      };
    case SyntaxKind.PropertyAccessExpression: {
      const access = node as ts.PropertyAccessExpression;
      return readProperty(flow, access, flow.evaluate(access.expression), access.name);
    }
    case SyntaxKind.ElementAccessExpression: {
      const access = node as ts.ElementAccessExpression;
      return readElement(flow, access, flow.evaluate(access.expression));
    }
    case SyntaxKind.CallExpression:
      return evaluateCall(flow, node as ts.CallExpression);
    case SyntaxKind.TaggedTemplateExpression: {
      const effect = getEffect(flow.context, node as ts.TaggedTemplateExpression);
      return effect
        ? evaluateEffect(flow, node as ts.TaggedTemplateExpression, effect)
        : evaluateChildren(flow, node);
    }
    case SyntaxKind.NewExpression:
      return evaluateNew(flow, node as ts.NewExpression);
    case SyntaxKind.AwaitExpression: {
      const { expression } = node as ts.AwaitExpression;
      return reportPending(flow, node, flow.evaluate(expression));
    }
    case SyntaxKind.ParenthesizedExpression:
    case SyntaxKind.AsExpression:
    case SyntaxKind.NonNullExpression:
    case SyntaxKind.SatisfiesExpression:
    case SyntaxKind.TypeAssertionExpression:
      return flow.evaluate((node as ts.ParenthesizedExpression).expression);
    case SyntaxKind.BinaryExpression:
      return evaluateBinary(flow, node as ts.BinaryExpression);
    case SyntaxKind.ConditionalExpression:
      return evaluateConditional(flow, node as ts.ConditionalExpression);
    case SyntaxKind.ObjectLiteralExpression:
      return evaluateObject(flow, node as ts.ObjectLiteralExpression);
    case SyntaxKind.ArrayLiteralExpression:
      return evaluateArray(flow, node as ts.ArrayLiteralExpression);
    case SyntaxKind.ArrowFunction:
    case SyntaxKind.FunctionExpression:
      flow.remember(node as ts.FunctionExpression);
      return { ...UNKNOWN, functions: [node as ts.FunctionExpression] };
    case SyntaxKind.PrefixUnaryExpression:
    case SyntaxKind.PostfixUnaryExpression:
      return evaluateUnary(flow, node as ts.PrefixUnaryExpression);
    default:
      return evaluateChildren(flow, node);
  }
}

function evaluateIdentifier(flow: Flow, node: ts.Identifier): Value {
  const { checker, ts, idOf } = flow.context;
  if (node.text === 'undefined') return UNKNOWN;
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node);
  if (!symbol) return UNKNOWN;
  const known = flow.environment.get(symbol);
  if (known) return known;
  if (symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Alias)) {
    const functions = getFunctions(flow.context, node);
    if (functions.length > 0) return { ...UNKNOWN, functions };
  }
  const declaration = symbol.valueDeclaration ?? getImported(flow, symbol);
  const initial = declaration ? evaluateConstant(flow, declaration) : null;
  return (
    initial ?? {
      ...UNKNOWN,
      identity: { key: `s${idOf(symbol)}`, origins: declaration ? [declaration] : [] },
    }
  );
}

/** The class that an import names, or the import of something else. */
function getImported({ context: { ts, checker } }: Flow, symbol: ts.Symbol): ts.Declaration | null {
  if (!(symbol.flags & ts.SymbolFlags.Alias)) return null;
  const declaration = checker.getAliasedSymbol(symbol).valueDeclaration;
  if (declaration && ts.isClassDeclaration(declaration)) return declaration;
  return symbol.declarations?.[0] ?? null;
}

/** A constant outside of what is analysed: a function, or a ref of an id. */
function evaluateConstant(flow: Flow, declaration: ts.Declaration): Value | null {
  const { ts } = flow.context;
  if (!ts.isVariableDeclaration(declaration) || !declaration.initializer) return null;
  if (!(ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const)) return null;
  const { initializer } = declaration;
  if (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer)) {
    return { ...UNKNOWN, functions: [initializer] };
  }
  const literal = unwrapExpression(flow.context, initializer);
  if (ts.isStringLiteralLike(literal)) return flow.evaluate(literal);
  return ts.isArrayLiteralExpression(literal) && isConstantList(flow, literal)
    ? flow.evaluate(literal)
    : null;
}

/** A list of literals has one order, whoever goes through it. */
function isConstantList(flow: Flow, { elements }: ts.ArrayLiteralExpression): boolean {
  return elements.length > 0 && elements.every(flow.context.ts.isLiteralExpression);
}

function evaluateThis(flow: Flow, node: ts.Node): Value {
  const { ts, idOf } = flow.context;
  for (let index = flow.frames.length - 1; index >= 0; index -= 1) {
    const frame = flow.frames[index];
    if (!frame || ts.isArrowFunction(frame.node)) continue;
    if (frame.thisValue) return frame.thisValue;
    break;
  }
  let owner = node.parent;
  while (!ts.isClassLike(owner) && !ts.isSourceFile(owner)) owner = owner.parent;
  return { ...UNKNOWN, identity: { key: `this${idOf(owner)}`, origins: [] } };
}

function evaluateBinary(flow: Flow, node: ts.BinaryExpression): Value {
  const { ts } = flow.context;
  const { SyntaxKind } = ts;
  const operator = node.operatorToken.kind;
  switch (operator) {
    case SyntaxKind.EqualsToken: {
      const value = flow.evaluate(node.right);
      flow.assign(node.left, value);
      return value;
    }
    case SyntaxKind.CommaToken:
      flow.evaluate(node.left);
      return flow.evaluate(node.right);
    case SyntaxKind.AmpersandAmpersandToken:
      return evaluateShortCircuit(flow, node, true);
    case SyntaxKind.BarBarToken:
      return evaluateShortCircuit(flow, node, false);
    case SyntaxKind.QuestionQuestionToken:
      return evaluateDefault(flow, node);
    default:
      if (operator >= SyntaxKind.FirstAssignment && operator <= SyntaxKind.LastAssignment) {
        return assignCompound(flow, node);
      }
      return evaluateArithmetic(flow, node);
  }
}

function evaluateArithmetic(flow: Flow, node: ts.BinaryExpression): Value {
  const { ts } = flow.context;
  const { kind } = node.operatorToken;
  if (isComparison(ts, kind)) {
    const { reads, equates } = flow.test(node);
    return reads.length === 0 && !equates
      ? UNKNOWN
      : { ...UNKNOWN, reads, ...(equates && { equates }) };
  }
  const value = derivedFrom(flow.evaluate(node.left), flow.evaluate(node.right));
  const isSuccessor =
    kind === ts.SyntaxKind.PlusToken &&
    [node.left, node.right].some((side) => getNumber(flow, side) === '1');
  if (isSuccessor) return asked(value, 'next');
  return kind >= ts.SyntaxKind.PlusToken && kind <= ts.SyntaxKind.PercentToken
    ? asked(value, 'amount')
    : value;
}

/** `a && b`, `a || b`: the right side depends on the left one. */
function evaluateShortCircuit(flow: Flow, node: ts.BinaryExpression, isAnd: boolean): Value {
  const test = flow.test(node.left);
  let right: Value = UNKNOWN;
  const taken = flow.fork(() => {
    flow.assume(test, isAnd);
    right = flow.evaluate(node.right);
  });
  const skipped = flow.fork(() => {
    flow.assume(test, !isAnd);
  });
  if (isAnd) flow.join(test, taken, skipped);
  else flow.join(test, skipped, taken);
  const value = withChoices(right, test.reads);
  const equates = [...(test.equates ?? []), ...(right.equates ?? [])];
  return isAnd && equates.length > 0 ? { ...value, equates } : value;
}

/** `a ?? b`: no decision on the data of an entity, only on whether there is one. */
function evaluateDefault(flow: Flow, node: ts.BinaryExpression): Value {
  const left = flow.evaluate(node.left);
  let right: Value = UNKNOWN;
  const test = emptyTest(node);
  const taken = flow.fork(() => {
    // `held ?? (await accounts.lock(ref))`: where there is no left side, no lock of it is held.
    flow.set({ held: flow.held.filter((lock) => lock !== left.entity?.lock) });
    right = flow.evaluate(node.right);
  });
  flow.join(
    test,
    taken,
    flow.fork(() => {}),
  );
  // What the left side names is meant, and the right side stands in for it.
  return { ...joinValues(left, right), identity: left.identity ?? right.identity };
}

function emptyTest(node: ts.Node) {
  return { node, reads: [], absentWhenTrue: [], absentWhenFalse: [], isOrdering: false };
}

function evaluateConditional(flow: Flow, node: ts.ConditionalExpression): Value {
  const test = flow.test(node.condition);
  let first: Value = UNKNOWN;
  let second: Value = UNKNOWN;
  const whenTrue = flow.fork(() => {
    flow.assume(test, true);
    first = flow.evaluate(node.whenTrue);
  });
  const whenFalse = flow.fork(() => {
    flow.assume(test, false);
    second = flow.evaluate(node.whenFalse);
  });
  flow.join(test, whenTrue, whenFalse);
  const value = named(flow, node, withChoices(joinValues(first, second), test.reads));
  return test.isOrdering ? inOrder(flow, node, value) : value;
}

function evaluateObject(flow: Flow, node: ts.ObjectLiteralExpression): Value {
  const { ts } = flow.context;
  const properties = new Map<string, Value>();
  let spread: Value = UNKNOWN;
  for (const property of node.properties) {
    if (ts.isPropertyAssignment(property)) {
      const value = flow.evaluate(property.initializer);
      if (ts.isComputedPropertyName(property.name)) {
        const name = flow.evaluate(property.name.expression);
        spread = derivedFrom(spread, name, value);
      } else {
        properties.set(property.name.text, value);
      }
    } else if (ts.isShorthandPropertyAssignment(property)) {
      properties.set(property.name.text, flow.evaluate(property.name));
    } else if (ts.isSpreadAssignment(property)) {
      const value = flow.copyOf(flow.evaluate(property.expression));
      for (const [name, inner] of value.properties ?? []) {
        properties.set(name, withChoices(inner, value.choices));
      }
      // What is known of a property is said there, and nothing of it of the others.
      spread = withReads(spread, value.properties ? value.reads : derivedFrom(value).reads);
    } else if (ts.isMethodDeclaration(property) && property.name) {
      flow.remember(property);
      properties.set(property.name.getText(), { ...UNKNOWN, functions: [property] });
    }
  }
  return { ...UNKNOWN, properties, reads: spread.reads, identity: flow.fresh(node) };
}

function evaluateArray(flow: Flow, node: ts.ArrayLiteralExpression): Value {
  const { ts } = flow.context;
  const properties = new Map<string, Value>();
  let element: Value | null = null;
  let isOrdered: boolean | undefined;
  let hasSpread = false;
  for (const [index, item] of node.elements.entries()) {
    if (ts.isSpreadElement(item)) {
      const value = flow.evaluate(item.expression);
      hasSpread = true;
      isOrdered = value.isOrdered;
      const inner = elementValue(value);
      element = element ? joinValues(element, inner) : inner;
      continue;
    }
    const value = flow.evaluate(item);
    if (!hasSpread) properties.set(String(index), value);
    element = element ? joinValues(element, value) : value;
  }
  const isCopy = hasSpread && node.elements.length === 1;
  const value: Value = {
    ...UNKNOWN,
    identity: flow.fresh(node),
    properties: hasSpread ? null : properties,
    element,
    ...(isCopy && isOrdered === true && { isOrdered: true }),
  };
  return isConstantList(flow, node) ? { ...inOrder(flow, node, value), properties } : value;
}

function evaluateUnary(flow: Flow, node: ts.PrefixUnaryExpression): Value {
  const { SyntaxKind } = flow.context.ts;
  const operand = flow.evaluate(node.operand);
  const isNegation = node.operator === SyntaxKind.ExclamationToken;
  const value = withReads(derivedFrom(operand), isNegation ? existenceOf(operand) : []);
  if (node.operator !== SyntaxKind.PlusPlusToken && node.operator !== SyntaxKind.MinusMinusToken) {
    return value;
  }
  const isSuccessor = node.operator === SyntaxKind.PlusPlusToken;
  const changed = asked(value, isSuccessor ? 'next' : 'amount');
  flow.assign(node.operand, { ...changed, identity: flow.fresh(node) });
  return changed;
}

/** Any other expression: what it says is made of what its parts say. */
function evaluateChildren(flow: Flow, node: ts.Node): Value {
  const { ts } = flow.context;
  const values: Value[] = [];
  ts.forEachChild(node, (child) => {
    if (ts.isExpression(child)) values.push(flow.evaluate(child));
    else if (ts.isTemplateSpan(child)) values.push(flow.evaluate(child.expression));
  });
  return named(flow, node, derivedFrom(...values));
}
