import type ts from 'typescript';
import { getFunctions, hasBody, type FunctionWithBody } from '../../program/callee.js';
import { getCalledName } from '../../program/called-name.js';
import { isDeclaredByRuntime } from '../../program/runtime-package.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getOperation } from '../../vocabulary/operation.js';
import { getReturned } from '../locks/returned-values.js';
import { getDeclaration } from '../locks/value-origin.js';
import { enter, findFrame, MAX_DEPTH, type Frame } from './frame.js';
import { firstUnknown, seenFrom, type Unknown } from './origin.js';
import {
  isCallerDecided,
  isCopy,
  isGivenWhatItReturns,
  isMerge,
  isValueOf,
} from './results-of-packages.js';
import type { Tracer } from './tracer.js';
import { isUncheckedNull } from './unchecked-null.js';

/** Where the result of a call comes from. */
export function traceCall(
  tracer: Tracer,
  call: ts.CallExpression,
  frame: Frame | null,
): Unknown | null {
  const { context } = tracer;
  const { ts } = context;
  const operation = getOperation(context, call);
  if (operation) {
    // Its work is looked at by no-escaped-lock; a generic hides from it what it returns.
    if (operation.name === 'transaction' && frame) return { reason: 'released', node: call };
    const isLock = operation.name === 'lock' && tracer.subject === 'lock';
    return isLock && isUncheckedNull(context, call) ? { reason: 'missing', node: call } : null;
  }
  const called = getCalledName(context, call);
  if (isChosenAtRunTime(tracer, call)) return { reason: 'dynamic', node: call };
  if (tracer.subject === 'draft' && isCopy(context, call)) return { reason: 'copied', node: call };
  const callees = called ? getFunctions(context, called.node) : getInline(tracer, call);
  if (callees.length > 0) return traceCallees(tracer, callees, call, frame);
  if (called?.receiver && /^(?:call|apply|bind)$/.test(called.name)) {
    return tracer.traceResult(called.receiver, frame);
  }
  if (called && !called.receiver) return traceNamedFunction(tracer, call, frame);
  return traceWithoutBody(tracer, call, frame);

  function traceNamedFunction(
    self: Tracer,
    node: ts.CallExpression,
    around: Frame | null,
  ): Unknown | null {
    const name = unwrapExpression(context, node.expression);
    if (ts.isIdentifier(name) && isValue(self, name)) return self.traceResult(name, around);
    return traceWithoutBody(self, node, around);
  }
}

/** Whether a name stands for a value that was made or handed over, not for a function that is declared. */
function isValue({ context }: Tracer, name: ts.Identifier): boolean {
  const { ts } = context;
  const declaration = getDeclaration(context, name);
  if (!declaration || declaration.getSourceFile().isDeclarationFile) return false;
  return (
    ts.isVariableDeclaration(declaration) ||
    ts.isParameter(declaration) ||
    ts.isBindingElement(declaration)
  );
}

function getInline({ context }: Tracer, call: ts.CallExpression): readonly FunctionWithBody[] {
  const callee = unwrapExpression(context, call.expression);
  return hasBody(context, callee) ? [callee] : [];
}

/** `accounts[name](ref)`: a method of the runtime that nobody can name. */
function isChosenAtRunTime({ context }: Tracer, call: ts.CallExpression): boolean {
  const { ts, checker, program } = context;
  const callee = unwrapExpression(context, call.expression);
  if (!ts.isElementAccessExpression(callee)) return false;
  if (ts.isStringLiteralLike(callee.argumentExpression)) return false;
  const declaration = checker.getResolvedSignature(call)?.declaration;
  return declaration !== undefined && isDeclaredByRuntime(program, declaration);
}

function traceCallees(
  tracer: Tracer,
  callees: readonly FunctionWithBody[],
  call: ts.CallExpression,
  frame: Frame | null,
): Unknown | null {
  return firstUnknown(callees, (callee) => {
    const unknown = traceReturns(tracer, callee, call, frame);
    return unknown && seenFrom(call, unknown);
  });
}

/** Where what a function returns comes from, when `call` calls it. */
export function traceReturns(
  tracer: Tracer,
  callee: FunctionWithBody,
  call: ts.CallExpression | null,
  outer: Frame | null,
): Unknown | null {
  const { context } = tracer;
  const { checker } = context;
  // A result that is declared is checked where it is returned.
  if (callee.type && tracer.holds(checker.getTypeFromTypeNode(callee.type), null)) return null;
  const frame = enter(callee, call, outer);
  if (frame.depth > MAX_DEPTH || isBeingFollowed(outer, callee, call)) return null;
  return firstUnknown([...getReturned(context, callee), ...getYielded(tracer, callee)], (value) =>
    tracer.trace(value, frame),
  );
}

/** A function that calls itself says nothing more the second time. */
function isBeingFollowed(
  frame: Frame | null,
  callee: FunctionWithBody,
  call: ts.CallExpression | null,
): boolean {
  for (let current = frame; current; current = current.outer) {
    if (current.callee === callee && current.call === call) return true;
  }
  return false;
}

function getYielded({ context }: Tracer, callee: FunctionWithBody): readonly ts.Expression[] {
  const { ts } = context;
  if (!('asteriskToken' in callee) || !callee.asteriskToken) return [];
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isYieldExpression(node) && node.expression) found.push(node.expression);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(callee.body, visit);
  return found;
}

/** A function of a package or of an interface: it returns what it was given, or what only it knows. */
function traceWithoutBody(
  tracer: Tracer,
  call: ts.CallExpression,
  frame: Frame | null,
): Unknown | null {
  const { context } = tracer;
  const { checker, program } = context;
  const declaration = checker.getResolvedSignature(call)?.declaration;
  if (!declaration || isDeclaredByRuntime(program, declaration)) return null;
  if (isDeclaredResult(tracer, declaration)) return null;
  if (isMerge(tracer, call, frame)) return { reason: 'copied', node: call };
  if (tracer.subject === 'repository') return null;
  if (isCallerDecided(tracer, call, declaration, frame)) return { reason: 'generic', node: call };
  const callee = unwrapExpression(context, call.expression);
  const receiver = getCalledName(context, call)?.receiver;
  if (!isGivenWhatItReturns(tracer, call, frame)) {
    const isFine = isStep(tracer, call, frame) || isNeverByDefault(tracer, declaration);
    return isFine ? null : { reason: 'made', node: call };
  }
  if (
    receiver &&
    isValueOf(tracer, receiver) &&
    tracer.holds(checker.getTypeAtLocation(receiver), frame)
  ) {
    const unknown = tracer.trace(receiver, frame);
    if (unknown) return unknown;
  }
  if (!receiver && context.ts.isCallExpression(callee)) {
    const unknown = tracer.traceResult(callee, frame);
    if (unknown) return unknown;
  }
  // What a call hands over is checked at the call itself, but not in a generic, where its type is open.
  return frame || tracer.subject === 'draft' ? traceArguments(tracer, call, frame) : null;
}

function traceArguments(
  tracer: Tracer,
  call: ts.CallExpression,
  frame: Frame | null,
): Unknown | null {
  const { ts } = tracer.context;
  return firstUnknown(call.arguments, (argument) =>
    tracer.trace(ts.isSpreadElement(argument) ? argument.expression : argument, frame),
  );
}

/** `Promise.reject(…)`: it has nothing to give, whatever its place asks for. */
function isNeverByDefault(
  { context: { ts } }: Tracer,
  { typeParameters }: ts.SignatureDeclaration | ts.JSDocSignature,
): boolean {
  return (typeParameters ?? []).some(
    (parameter) =>
      ts.isTypeParameterDeclaration(parameter) &&
      parameter.default?.kind === ts.SyntaxKind.NeverKeyword,
  );
}

/** A function that takes what it returns: what it is called with is checked there. */
function isStep(tracer: Tracer, call: ts.CallExpression, frame: Frame | null): boolean {
  const { checker } = tracer.context;
  const signatures = checker.getTypeAtLocation(call).getCallSignatures();
  return (
    signatures.length > 0 &&
    signatures.every(({ parameters }) =>
      parameters.some((parameter) => tracer.holds(checker.getTypeOfSymbol(parameter), frame)),
    )
  );
}

/** Whether the program says in a type of its own what the function returns: whatever is put there is checked. */
function isDeclaredResult(
  tracer: Tracer,
  declaration: ts.SignatureDeclaration | ts.JSDocSignature,
): boolean {
  const { ts, checker } = tracer.context;
  if (declaration.getSourceFile().isDeclarationFile || ts.isJSDocSignature(declaration)) {
    return false;
  }
  return (
    declaration.type !== undefined &&
    tracer.holds(checker.getTypeFromTypeNode(declaration.type), null)
  );
}

/** Where what comes from calling a value comes from: a closure, a name of one, what a call made. */
export function traceResult(
  tracer: Tracer,
  node: ts.Expression,
  frame: Frame | null,
): Unknown | null {
  const { context } = tracer;
  const { ts } = context;
  const inner = unwrapExpression(context, node);
  if (hasBody(context, inner)) return traceReturns(tracer, inner, null, frame);
  if (ts.isIdentifier(inner)) {
    const declaration = getDeclaration(context, inner);
    const bound = declaration && ts.isParameter(declaration) && findFrame(frame, declaration);
    if (bound && bound.call) {
      const argument = bound.call.arguments[bound.callee.parameters.indexOf(declaration)];
      if (!argument || ts.isSpreadElement(argument)) return null;
      return traceResult(tracer, argument, bound.outer);
    }
    if (declaration && hasBody(context, declaration)) {
      return traceReturns(tracer, declaration, null, frame);
    }
  }
  return tracer.trace(inner, frame);
}
