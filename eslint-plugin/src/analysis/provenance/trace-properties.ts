import type ts from 'typescript';
import { getReturned } from '../locks/returned-values.js';
import { getRoot } from '../locks/assigned-places.js';
import { getDeclaration } from '../locks/value-origin.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import type { Frame } from './frame.js';
import { findReplacement } from './holder-writes.js';
import { findHiddenAssignment, isNarrowedFromWider } from './narrowing.js';
import { firstUnknown, type Unknown } from './origin.js';
import type { Tracer } from './tracer.js';

/** Where `object.name` and `list[index]` come from. */
export function traceAccess(
  tracer: Tracer,
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  frame: Frame | null,
): Unknown | null {
  const { context } = tracer;
  const { ts, checker } = context;
  const replaced = findReplacementOfRoot(context, node);
  if (replaced) return { reason: 'replaced', node, place: replaced };
  if (ts.isElementAccessExpression(node)) {
    if (isUncheckedKey(context, node)) return { reason: 'missing', node };
    const key = node.argumentExpression;
    return ts.isStringLiteralLike(key)
      ? tracer.traceProperty(node.expression, key.text, frame)
      : tracer.trace(node.expression, frame);
  }
  const symbol = checker.getSymbolAtLocation(node.name);
  const declared = symbol && checker.getTypeOfSymbol(symbol);
  if (declared && declared !== checker.getTypeAtLocation(node)) {
    const holds = (type: ts.Type): boolean => tracer.holds(type, frame);
    if (isNarrowedFromWider(context, node, declared, holds)) return { reason: 'narrowedTo', node };
    const place = tracer.subject === 'lock' && findHiddenAssignment(context, node, declared, holds);
    if (place) return { reason: 'replaced', node, place };
  }
  return tracer.traceProperty(node.expression, node.name.text, frame);
}

function findReplacementOfRoot(context: ProgramContext, node: ts.Expression): ts.Node | null {
  const root = getRoot(context, node);
  return context.ts.isIdentifier(root) ? findReplacement(context, root) : null;
}

/** Whether a record is asked for a key that it may not have, in a program whose compiler does not say so. */
function isUncheckedKey(context: ProgramContext, node: ts.ElementAccessExpression): boolean {
  const { ts, checker, program } = context;
  if (program.getCompilerOptions().noUncheckedIndexedAccess === true) return false;
  if (ts.isStringLiteralLike(node.argumentExpression)) return false;
  const object = checker.getTypeAtLocation(node.expression);
  if (checker.isArrayType(object) || checker.isTupleType(object)) return false;
  return checker.getIndexInfosOfType(object).length > 0;
}

/** Where one property of an object comes from. */
export function traceProperty(
  tracer: Tracer,
  object: ts.Expression,
  name: string,
  frame: Frame | null,
): Unknown | null {
  const { context } = tracer;
  const { ts, checker } = context;
  const inner = unwrapExpression(context, object);
  if (ts.isObjectLiteralExpression(inner)) return traceLiteral(tracer, inner, name, frame);
  const type = checker.getNonNullableType(checker.getTypeAtLocation(inner));
  const property = type.getProperty(name);
  const declaration = property?.valueDeclaration;
  if (declaration && isInjected(context, declaration)) return { reason: 'injected', node: object };
  if (ts.isIdentifier(inner)) {
    const replaced = findReplacement(context, inner);
    if (replaced) return { reason: 'replaced', node: inner, place: replaced };
    const source = getConstantSource(context, inner);
    if (source) return traceProperty(tracer, source, name, frame);
  }
  if (inner.kind === ts.SyntaxKind.ThisKeyword) {
    return declaration && !isDeclaredType(tracer, declaration)
      ? traceMember(tracer, declaration, frame)
      : null;
  }
  return tracer.trace(object, frame);
}

function getConstantSource(context: ProgramContext, name: ts.Identifier): ts.Expression | null {
  const { ts } = context;
  const declaration = getDeclaration(context, name);
  if (!declaration || !ts.isVariableDeclaration(declaration) || declaration.type) return null;
  const { initializer } = declaration;
  return initializer && ts.isObjectLiteralExpression(unwrapExpression(context, initializer))
    ? initializer
    : null;
}

/** Whether a declaration itself names the type of what it holds: whatever is put there is checked where it is put. */
function isDeclaredType(tracer: Tracer, declaration: ts.Declaration): boolean {
  const { ts, checker } = tracer.context;
  if (!('type' in declaration) || !declaration.type) return false;
  const node = declaration.type as ts.TypeNode;
  return ts.isTypeNode(node) && tracer.holds(checker.getTypeFromTypeNode(node), null);
}

/** A decorator of a field or accessor gives it its value. */
function isInjected({ ts }: ProgramContext, declaration: ts.Declaration): boolean {
  const isField =
    ts.isPropertyDeclaration(declaration) ||
    ts.isAccessor(declaration) ||
    ts.isParameterPropertyDeclaration(declaration, declaration.parent);
  return (
    isField && ts.canHaveDecorators(declaration) && ts.getDecorators(declaration) !== undefined
  );
}

/** A member of the class that says nothing of its type. */
function traceMember(
  tracer: Tracer,
  declaration: ts.Declaration,
  frame: Frame | null,
): Unknown | null {
  const { ts } = tracer.context;
  if (ts.isPropertyDeclaration(declaration) && declaration.initializer && !declaration.type) {
    return tracer.trace(declaration.initializer, frame);
  }
  if (ts.isGetAccessor(declaration) && !declaration.type) {
    return firstUnknown(getReturned(tracer.context, declaration), (value) =>
      tracer.trace(value, frame),
    );
  }
  return null;
}

/** The last of the members of a literal that gives the property. */
function traceLiteral(
  tracer: Tracer,
  literal: ts.ObjectLiteralExpression,
  name: string,
  frame: Frame | null,
): Unknown | null {
  const { ts, checker } = tracer.context;
  for (const property of literal.properties.toReversed()) {
    if (ts.isSpreadAssignment(property)) {
      const type = checker.getTypeAtLocation(property.expression);
      const spread = type.getProperty(name);
      if (!spread && !(type.flags & ts.TypeFlags.Any)) continue;
      if (spread && mayBeMissing(tracer, spread)) return { reason: 'missing', node: property };
      const unknown = traceProperty(tracer, property.expression, name, frame);
      if (unknown || !spread || !(spread.flags & ts.SymbolFlags.Optional)) return unknown;
      continue;
    }
    if (!property.name || ts.isComputedPropertyName(property.name)) continue;
    if (property.name.text !== name) continue;
    if (ts.isPropertyAssignment(property)) return tracer.trace(property.initializer, frame);
    if (ts.isShorthandPropertyAssignment(property)) return tracer.trace(property.name, frame);
    return null;
  }
  return null;
}

/** An optional property that may hold `undefined` replaces what was there, and the compiler does not say so. */
function mayBeMissing({ context }: Tracer, property: ts.Symbol): boolean {
  const { ts, program } = context;
  if (program.getCompilerOptions().exactOptionalPropertyTypes === true) return false;
  return (property.flags & ts.SymbolFlags.Optional) !== 0;
}
