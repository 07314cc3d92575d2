import type ts from 'typescript';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import type { Flow } from './flow.js';
import { propertyOf } from './identity.js';
import { getNumber } from './literals.js';
import { elementAt, readEntityField, readPlainProperty } from './properties.js';
import { allReads, derivedFrom, joinValues, asked, withReads, type Value } from './value.js';

/** Binds a declared name or pattern to a value. */
export function bindName(flow: Flow, name: ts.BindingName, value: Value): void {
  const { ts, checker } = flow.context;
  if (ts.isIdentifier(name)) {
    const symbol = checker.getSymbolAtLocation(name);
    if (symbol) flow.environment.set(symbol, value);
    return;
  }
  const whole = flow.typed(value, name);
  for (const [index, element] of name.elements.entries()) {
    if (ts.isOmittedExpression(element)) continue;
    const part = ts.isArrayBindingPattern(name)
      ? element.dotDotDotToken
        ? value
        : elementAt(value, String(index))
      : readBoundProperty(flow, element, whole);
    bindName(flow, element.name, withDefault(flow, element.initializer, part));
  }
}

function withDefault(flow: Flow, initializer: ts.Expression | undefined, value: Value): Value {
  if (!initializer) return value;
  const fallback = flow.evaluate(initializer);
  return { ...joinValues(value, fallback), identity: value.identity };
}

function readBoundProperty(flow: Flow, element: ts.BindingElement, value: Value): Value {
  const { ts } = flow.context;
  if (element.dotDotDotToken) return restOf(flow, value);
  const name = element.propertyName ?? element.name;
  const isNamed = ts.isIdentifier(name) || ts.isStringLiteralLike(name);
  const entity = flow.entityOf(value);
  if (entity) return readEntityField(flow, entity, isNamed ? name.text : '*');
  return isNamed ? readPlainProperty(flow, value, name.text) : derivedFrom(value);
}

/** `{ …, ...rest }` of an entity copies its data. */
function restOf(flow: Flow, value: Value): Value {
  const entity = flow.entityOf(value);
  return entity ? readEntityField(flow, entity, '*') : derivedFrom(value);
}

/** `target = value` */
export function assignTo(flow: Flow, target: ts.Expression, value: Value): void {
  const { ts, checker } = flow.context;
  const inner = unwrapExpression(flow.context, target);
  if (ts.isIdentifier(inner)) {
    const symbol = checker.getSymbolAtLocation(inner);
    if (symbol) flow.environment.set(symbol, value);
  } else if (ts.isPropertyAccessExpression(inner)) {
    assignProperty(flow, inner, inner.name.text, value);
  } else if (ts.isElementAccessExpression(inner)) {
    const index = flow.evaluate(inner.argumentExpression);
    addToVariable(flow, inner.expression, derivedFrom(value, index));
  } else if (ts.isArrayLiteralExpression(inner)) {
    for (const [index, element] of inner.elements.entries()) {
      if (!ts.isOmittedExpression(element))
        assignTo(flow, element, elementAt(value, String(index)));
    }
  } else if (ts.isObjectLiteralExpression(inner)) {
    assignPattern(flow, inner, value);
  }
}

function assignPattern(flow: Flow, target: ts.ObjectLiteralExpression, value: Value): void {
  const { ts } = flow.context;
  const entity = flow.entityOf(value);
  for (const property of target.properties) {
    const name = property.name && ts.isIdentifier(property.name) ? property.name.text : '*';
    const part = entity
      ? readEntityField(flow, entity, name)
      : readPlainProperty(flow, value, name);
    if (ts.isShorthandPropertyAssignment(property)) {
      const symbol = flow.context.checker.getShorthandAssignmentValueSymbol(property);
      if (symbol) flow.environment.set(symbol, part);
    } else if (ts.isPropertyAssignment(property)) {
      assignTo(flow, property.initializer, part);
    }
  }
}

function assignProperty(
  flow: Flow,
  target: ts.PropertyAccessExpression,
  name: string,
  value: Value,
): void {
  const { ts } = flow.context;
  const base = flow.evaluate(target.expression);
  const owner = unwrapExpression(flow.context, target.expression);
  if (ts.isIdentifier(owner) && base.properties) {
    const symbol = flow.context.checker.getSymbolAtLocation(owner);
    const properties = new Map(base.properties).set(name, value);
    if (symbol) flow.environment.set(symbol, { ...base, properties });
    return;
  }
  if (base.identity) flow.environment.set(propertyOf(base.identity, name).key, value);
  addToVariable(flow, target.expression, derivedFrom(value));
}

/** Something went into an object: the variable that holds it carries the data from now on. */
export function addToVariable(flow: Flow, target: ts.Expression, value: Value): void {
  const { ts, checker } = flow.context;
  let owner = unwrapExpression(flow.context, target);
  while (ts.isPropertyAccessExpression(owner) || ts.isElementAccessExpression(owner)) {
    owner = unwrapExpression(flow.context, owner.expression);
  }
  const reads = allReads(value);
  if (reads.length === 0 && value.pending.length === 0 && !value.element) return;
  if (!ts.isIdentifier(owner)) return;
  const symbol = checker.getSymbolAtLocation(owner);
  if (!symbol) return;
  const known = flow.evaluate(owner);
  flow.environment.set(symbol, {
    ...withReads(known, reads),
    pending: [...known.pending, ...value.pending],
  });
}

/** The list in a field of an entity was added to: it is stored with what was there, and with what is new. */
export function addToField(flow: Flow, field: ts.Expression, list: Value): void {
  const { ts } = flow.context;
  const inner = unwrapExpression(flow.context, field);
  if (!ts.isPropertyAccessExpression(inner)) return;
  const { entity } = flow.evaluate(inner.expression);
  if (entity) flow.environment.set(propertyOf(entity.identity, inner.name.text).key, list);
}

/** `a += b`, `a ??= b` and their like. */
export function assignCompound(flow: Flow, node: ts.BinaryExpression): Value {
  const { SyntaxKind } = flow.context.ts;
  const left = flow.evaluate(node.left);
  const right = flow.evaluate(node.right);
  const isChoice =
    node.operatorToken.kind === SyntaxKind.QuestionQuestionEqualsToken ||
    node.operatorToken.kind === SyntaxKind.BarBarEqualsToken ||
    node.operatorToken.kind === SyntaxKind.AmpersandAmpersandEqualsToken;
  const isAddition = node.operatorToken.kind === SyntaxKind.PlusEqualsToken;
  const what = isAddition && getNumber(flow, node.right) === '1' ? 'next' : 'amount';
  const value = isChoice
    ? joinValues(left, right)
    : { ...asked(derivedFrom(left, right), what), identity: flow.fresh(node) };
  flow.assign(node.left, value);
  return value;
}
