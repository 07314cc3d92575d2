import type ts from 'typescript';
import { getCalledName } from '../../program/called-name.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getOperation } from '../../vocabulary/operation.js';
import type { Frame } from './frame.js';
import { firstUnknown, type Unknown } from './origin.js';
import type { Tracer } from './tracer.js';

/** Where the parameter of a callback comes from whose type the compiler took from the call that it is handed to. */
export function traceCallbackParameter(
  tracer: Tracer,
  parameter: ts.ParameterDeclaration,
  frame: Frame | null,
): Unknown | null {
  const { context } = tracer;
  const { ts } = context;
  const callback = parameter.parent;
  if (!ts.isArrowFunction(callback) && !ts.isFunctionExpression(callback)) {
    return ts.isMethodDeclaration(callback)
      ? traceMethodParameter(tracer, callback, parameter, frame)
      : null;
  }
  if (isDeclaredByCallee(tracer, callback, parameter)) return null;
  const call = getCallAround(tracer, callback);
  if (!call) return null;
  if (isCallee(tracer, call.expression, callback)) {
    const argument = call.arguments?.[callback.parameters.indexOf(parameter)];
    return argument ? tracer.trace(argument, frame) : null;
  }
  if (ts.isCallExpression(call) && getOperation(context, call)) return null;
  return traceInputs(tracer, call, callback, parameter, frame);
}

/** `write: (account) => …` and `write(account) {…}` in an object that is handed to a call. */
function traceMethodParameter(
  tracer: Tracer,
  method: ts.MethodDeclaration,
  parameter: ts.ParameterDeclaration,
  frame: Frame | null,
): Unknown | null {
  if (isDeclaredByCallee(tracer, method, parameter)) return null;
  const call = getCallAround(tracer, method);
  return call ? traceInputs(tracer, call, method, parameter, frame) : null;
}

/** Whether the type that the callback must have says itself that it takes a lock: whoever calls it is checked. */
function isDeclaredByCallee(
  tracer: Tracer,
  callback: ts.FunctionExpression | ts.ArrowFunction | ts.MethodDeclaration,
  parameter: ts.ParameterDeclaration,
): boolean {
  const { ts, checker } = tracer.context;
  const wanted = getContextualSignatures(tracer, callback);
  if (!wanted) return true;
  const index = callback.parameters.indexOf(parameter);
  return wanted.some((signature) => {
    const declared = signature.declaration?.parameters[index];
    return (
      declared !== undefined &&
      !ts.isJSDocParameterTag(declared) &&
      declared.type !== undefined &&
      tracer.holds(checker.getTypeFromTypeNode(declared.type), null)
    );
  });
}

function getContextualSignatures(
  { context: { ts, checker } }: Tracer,
  callback: ts.FunctionExpression | ts.ArrowFunction | ts.MethodDeclaration,
): readonly ts.Signature[] | null {
  if (!ts.isMethodDeclaration(callback)) {
    const type = checker.getContextualType(callback);
    return type ? checker.getNonNullableType(type).getCallSignatures() : null;
  }
  if (!ts.isObjectLiteralExpression(callback.parent)) return null;
  const owner = checker.getContextualType(callback.parent);
  const property = owner?.getProperty(callback.name.getText());
  return property ? checker.getTypeOfSymbol(property).getCallSignatures() : null;
}

/** The call to which a function is handed, by itself or in a literal. */
function getCallAround(
  { context: { ts } }: Tracer,
  callback: ts.Node,
): ts.CallExpression | ts.NewExpression | null {
  let outer: ts.Node = callback.parent;
  while (
    ts.isParenthesizedExpression(outer) ||
    ts.isPropertyAssignment(outer) ||
    ts.isObjectLiteralExpression(outer) ||
    ts.isArrayLiteralExpression(outer) ||
    ts.isConditionalExpression(outer)
  ) {
    outer = outer.parent;
  }
  return ts.isCallExpression(outer) || ts.isNewExpression(outer) ? outer : null;
}

/** `((account) => …)(held)` */
function isCallee({ context }: Tracer, callee: ts.Expression, callback: ts.Node): boolean {
  return unwrapExpression(context, callee) === callback;
}

/**
 * The type of the parameter was inferred from what else the call was given: its receiver, its other arguments, or, for
 * `pipe(account, filter((held) => …))`, those of the call around it.
 */
function traceInputs(
  tracer: Tracer,
  call: ts.CallExpression | ts.NewExpression,
  callback: ts.Node,
  parameter: ts.ParameterDeclaration,
  frame: Frame | null,
): Unknown | null {
  const { context } = tracer;
  const { ts } = context;
  let isGiven = false;
  for (let current: ts.Node = call; isCall(ts, current); current = current.parent) {
    const receiver = ts.isCallExpression(current) && getCalledName(context, current)?.receiver;
    const inputs = [...(receiver ? [receiver] : []), ...(current.arguments ?? [])]
      .map((input) => (ts.isSpreadElement(input) ? input.expression : input))
      .filter((input) => !contains(input, callback))
      .filter((input) => tracer.holds(context.checker.getTypeAtLocation(input), frame));
    if (inputs.length === 0) continue;
    isGiven = true;
    const unknown = firstUnknown(inputs, (input) => tracer.trace(input, frame));
    if (unknown) return unknown;
  }
  return isGiven ? null : { reason: 'made', node: parameter.name, place: call };
}

function isCall(
  typescript: typeof ts,
  node: ts.Node,
): node is ts.CallExpression | ts.NewExpression {
  return typescript.isCallExpression(node) || typescript.isNewExpression(node);
}

function contains(outer: ts.Node, inner: ts.Node): boolean {
  return (
    inner.pos >= outer.pos &&
    inner.end <= outer.end &&
    inner.getSourceFile() === outer.getSourceFile()
  );
}
