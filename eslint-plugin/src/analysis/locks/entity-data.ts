import type ts from 'typescript';
import { isStored } from '../../vocabulary/contained-state.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getDeclaration } from './value-origin.js';

/** How deep expressions and names are looked through. */
const DEPTH = 6;

/** Methods of arrays whose result is made of what a callback returns. */
const MAPPING: ReadonlySet<string> = new Set(['map', 'flatMap']);

/**
 * The part of a value that is a field of an entity: what a row says, rather than the row. Its identity is none, and neither is
 * what a function makes of it, which may be anything.
 */
export function findEntityData(
  context: ProgramContext,
  node: ts.Expression,
  depth = DEPTH,
): ts.Expression | null {
  const { ts } = context;
  if (depth === 0) return null;
  const value = unwrapExpression(context, node);
  const search = (...parts: readonly (ts.Expression | undefined)[]): ts.Expression | null => {
    for (const part of parts) {
      const found = part && findEntityData(context, part, depth - 1);
      if (found) return found;
    }
    return null;
  };
  if (ts.isPropertyAccessExpression(value)) {
    return isField(context, value) ? value : search(value.expression);
  }
  if (ts.isAwaitExpression(value)) return search(value.expression);
  if (ts.isBinaryExpression(value)) return search(value.left, value.right);
  if (ts.isConditionalExpression(value)) return search(value.whenTrue, value.whenFalse);
  if (ts.isPrefixUnaryExpression(value)) return search(value.operand);
  if (ts.isTemplateExpression(value)) {
    return search(...value.templateSpans.map(({ expression }) => expression));
  }
  if (ts.isArrayLiteralExpression(value)) return search(...value.elements);
  if (ts.isSpreadElement(value)) return search(value.expression);
  if (ts.isObjectLiteralExpression(value)) return search(...value.properties.map(valueOf(context)));
  if (ts.isIdentifier(value)) return findInName(context, value, depth);
  return ts.isCallExpression(value) ? search(mappedValue(context, value)) : null;
}

function valueOf({ ts }: ProgramContext) {
  return (property: ts.ObjectLiteralElementLike): ts.Expression | undefined => {
    if (ts.isPropertyAssignment(property)) return property.initializer;
    return ts.isShorthandPropertyAssignment(property) ? property.name : undefined;
  };
}

/** `room.name`, but neither `room.id` nor a method. */
function isField(
  context: ProgramContext,
  { expression, name }: ts.PropertyAccessExpression,
): boolean {
  const { checker } = context;
  if (name.text === 'id' || !isStored(context, checker.getTypeAtLocation(expression))) return false;
  return checker.getTypeAtLocation(name).getCallSignatures().length === 0;
}

function findInName(
  context: ProgramContext,
  name: ts.Identifier,
  depth: number,
): ts.Expression | null {
  const { ts, checker } = context;
  const declaration = getDeclaration(context, name);
  if (!declaration) return null;
  if (ts.isBindingElement(declaration)) {
    const property = (declaration.propertyName ?? declaration.name).getText();
    const isOfEntity = isStored(context, checker.getTypeAtLocation(declaration.parent));
    return isOfEntity && property !== 'id' ? name : null;
  }
  if (!ts.isVariableDeclaration(declaration) || !declaration.initializer) return null;
  return findEntityData(context, declaration.initializer, depth - 1);
}

/** What `rooms.map((room) => room.name)` makes of each. */
function mappedValue({ ts }: ProgramContext, call: ts.CallExpression): ts.Expression | undefined {
  const callee = call.expression;
  if (!ts.isPropertyAccessExpression(callee) || !MAPPING.has(callee.name.text)) return undefined;
  const [callback] = call.arguments;
  if (!callback || !ts.isArrowFunction(callback) || ts.isBlock(callback.body)) return undefined;
  return callback.body;
}
