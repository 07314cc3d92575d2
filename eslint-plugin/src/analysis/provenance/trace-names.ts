import type ts from 'typescript';
import { getDeclaration } from '../locks/value-origin.js';
import { traceCallbackParameter } from './callback-parameters.js';
import { findFrame, type Frame } from './frame.js';
import { findReplacement } from './holder-writes.js';
import { findHiddenAssignment, isNarrowedFromWider } from './narrowing.js';
import type { Unknown } from './origin.js';
import type { Tracer } from './tracer.js';

/** Where the value of a name comes from. */
export function traceIdentifier(
  tracer: Tracer,
  node: ts.Identifier,
  frame: Frame | null,
): Unknown | null {
  const { context } = tracer;
  const { ts } = context;
  const declaration = getDeclaration(context, node);
  if (!declaration) return null;
  if (ts.isVariableDeclaration(declaration)) return traceVariable(tracer, node, declaration, frame);
  if (ts.isBindingElement(declaration)) return traceBinding(tracer, node, declaration, frame);
  if (ts.isParameter(declaration)) return traceParameter(tracer, node, declaration, frame);
  return null;
}

function traceVariable(
  tracer: Tracer,
  node: ts.Identifier,
  declaration: ts.VariableDeclaration,
  frame: Frame | null,
): Unknown | null {
  const { context } = tracer;
  const { ts, checker } = context;
  const doubt = findDoubt(tracer, node, checker.getTypeAtLocation(declaration.name), frame);
  // Only `save` asks what a draft is, so what is declared to be one is followed too.
  if (doubt || (declaration.type && tracer.subject !== 'draft')) return doubt;
  const source = declaration.initializer ?? getIterated(tracer, declaration);
  if (!source) return null;
  const isOfCatch = ts.isCatchClause(declaration.parent);
  return isOfCatch ? null : tracer.trace(source, frameAt(frame, declaration));
}

/** What a `for (const item of items)` iterates. */
function getIterated(
  { context: { ts } }: Tracer,
  declaration: ts.VariableDeclaration,
): ts.Expression | null {
  const loop = declaration.parent.parent;
  return ts.isForOfStatement(loop) ? loop.expression : null;
}

/** What is wrong with a name although its declaration has a type: a check, an assignment elsewhere, a write into it. */
function findDoubt(
  tracer: Tracer,
  node: ts.Identifier,
  declared: ts.Type,
  frame: Frame | null,
): Unknown | null {
  const { context } = tracer;
  const { checker } = context;
  const used = checker.getTypeAtLocation(node);
  const holds = (type: ts.Type): boolean => tracer.holds(type, frame);
  if (used !== declared) {
    if (isNarrowedFromWider(context, node, declared, holds)) return { reason: 'narrowedTo', node };
    if (tracer.subject === 'lock') {
      const place = findHiddenAssignment(context, node, declared, holds);
      if (place) return { reason: 'replaced', node, place };
    }
  }
  const place = findReplacement(context, node);
  return place && { reason: 'replaced', node, place };
}

function traceBinding(
  tracer: Tracer,
  node: ts.Identifier,
  element: ts.BindingElement,
  frame: Frame | null,
): Unknown | null {
  const { context } = tracer;
  const { ts, checker } = context;
  const doubt = findDoubt(tracer, node, checker.getTypeAtLocation(element.name), frame);
  if (doubt) return doubt;
  let outermost: ts.Node = element;
  while (ts.isBindingElement(outermost)) outermost = outermost.parent.parent;
  if (ts.isParameter(outermost)) return traceParameter(tracer, node, outermost, frame);
  if (!ts.isVariableDeclaration(outermost) || outermost.type) return null;
  const source = outermost.initializer ?? getIterated(tracer, outermost);
  if (!source) return null;
  const at = frameAt(frame, outermost);
  const name = element.propertyName ?? element.name;
  const isOwnProperty =
    ts.isObjectBindingPattern(element.parent) &&
    element.parent.parent === outermost &&
    outermost.initializer !== undefined &&
    !element.dotDotDotToken &&
    ts.isIdentifier(name);
  return isOwnProperty ? tracer.traceProperty(source, name.text, at) : tracer.trace(source, at);
}

function traceParameter(
  tracer: Tracer,
  node: ts.Identifier,
  parameter: ts.ParameterDeclaration,
  frame: Frame | null,
): Unknown | null {
  const { context } = tracer;
  const { ts, checker } = context;
  if (ts.isIdentifier(parameter.name)) {
    const doubt = findDoubt(tracer, node, checker.getTypeAtLocation(parameter.name), frame);
    if (doubt) return doubt;
  }
  const bound = findFrame(frame, parameter);
  if (bound) return traceBound(tracer, parameter, bound);
  if (parameter.type || ts.getJSDocType(parameter)) return null;
  return parameter.initializer
    ? tracer.trace(parameter.initializer, frame)
    : traceCallbackParameter(tracer, parameter, frame);
}

/** What a call hands over for a parameter of the function that it calls. */
function traceBound(
  tracer: Tracer,
  parameter: ts.ParameterDeclaration,
  { callee, call, outer }: Frame,
): Unknown | null {
  const { context } = tracer;
  const { ts, checker } = context;
  // A lock that is declared is checked where it is handed over.
  if (parameter.type && tracer.holds(checker.getTypeAtLocation(parameter), null)) return null;
  if (!call) return null;
  const index = callee.parameters
    .filter(({ name }) => name.getText() !== 'this')
    .indexOf(parameter);
  const given = parameter.dotDotDotToken
    ? call.arguments.slice(index)
    : call.arguments.slice(index, index + 1);
  for (const argument of given) {
    const value = ts.isSpreadElement(argument) ? argument.expression : argument;
    const unknown = tracer.trace(value, outer);
    if (unknown) return unknown;
  }
  return null;
}

/** A name of a function outside of the one that is looked into has nothing to do with its parameters. */
function frameAt(frame: Frame | null, declaration: ts.Node): Frame | null {
  for (let current = frame; current; current = current.outer) {
    const { callee } = current;
    const isInside =
      callee.getSourceFile() === declaration.getSourceFile() &&
      declaration.pos >= callee.pos &&
      declaration.end <= callee.end;
    if (isInside) return current;
  }
  return null;
}
