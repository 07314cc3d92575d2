import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import {
  containsLocked,
  containsWritable,
  isLocked,
  isWritable,
} from '../../vocabulary/contained-state.js';
import { getRepositoryModel } from '../../vocabulary/entity-type.js';
import { getPresentMembers, isAny, isNever } from '../forged/type-facts.js';
import { getDeclaration } from '../locks/value-origin.js';
import { getReturned } from '../locks/returned-values.js';
import { getFunctions } from '../../program/callee.js';
import { getCalledName } from '../../program/called-name.js';
import { isEmptyValue } from './empty-values.js';
import { isReportedAssertion } from './honest-assertions.js';
import { mentionsTypeParameter, type Frame } from './frame.js';
import { isAskedOfGuard } from './narrowing.js';
import type { Unknown } from './origin.js';
import { traceResult } from './trace-calls.js';
import { traceExpression } from './trace-expression.js';
import { traceProperty } from './trace-properties.js';
import type { Subject, Tracer } from './tracer.js';

type Test = (context: ProgramContext, type: ts.Type) => boolean;

const holdsOf: Readonly<Record<Subject, Test>> = {
  lock: (context, type) => containsLocked(context, type, 'results'),
  draft: (context, type) => containsWritable(context, type),
  repository: (context, type) => getRepositoryModel(context, type) !== null,
};

const isOf: Readonly<Record<Subject, Test>> = {
  lock: isLocked,
  draft: isWritable,
  repository: (context, type) => getRepositoryModel(context, type) !== null,
};

const tracers = new WeakMap<ProgramContext, Map<Subject, Tracer>>();

/** The tracer of a program for a subject: what it found out for one place is known for the next. */
export function getTracer(context: ProgramContext, subject: Subject): Tracer {
  let known = tracers.get(context);
  if (!known) tracers.set(context, (known = new Map<Subject, Tracer>()));
  let tracer = known.get(subject);
  if (!tracer) known.set(subject, (tracer = createTracer(context, subject)));
  return tracer;
}

function createTracer(context: ProgramContext, subject: Subject): Tracer {
  const { checker } = context;
  const known = new Map<ts.Node, Unknown | null>();
  const test = holdsOf[subject];

  const tracer: Tracer = {
    context,
    subject,
    is: (type) => isOf[subject](context, type),
    holds: (type, frame) =>
      test(context, type) || (frame !== null && mentionsTypeParameter(context, type)),
    trace(node, frame) {
      if (frame) return follow(node, frame);
      const answer = known.get(node);
      if (answer !== undefined) return answer;
      // What is being followed already is known as far as it itself is concerned.
      known.set(node, null);
      const result = follow(node, null);
      known.set(node, result);
      return result;
    },
    traceProperty: (object, name, frame) => traceProperty(tracer, object, name, frame),
    traceResult: (callee, frame) => traceResult(tracer, callee, frame),
  };

  function follow(node: ts.Expression, frame: Frame | null): Unknown | null {
    const type = checker.getTypeAtLocation(node);
    if (isAny(context, type)) return isEmptyValue(context, node) ? null : { reason: 'any', node };
    if (isNever(context, type)) return isExcluded(node) ? null : followNever(node);
    return tracer.holds(type, frame) ? traceExpression(tracer, node, frame) : null;
  }

  /** A variable of locks that the compiler thinks is never there: it did not see a callback assign it. */
  function isExcluded(node: ts.Expression): boolean {
    if (!context.ts.isIdentifier(node)) return false;
    const declaration = getDeclaration(context, node);
    const members =
      declaration && getPresentMembers(context, checker.getTypeAtLocation(declaration));
    return members?.every((member) => !isNever(context, member) && tracer.is(member)) ?? false;
  }

  /** `never` fits everywhere. A function that never returns is fine, as long as it does not. */
  function followNever(node: ts.Expression): Unknown | null {
    const { ts } = context;
    // What is delegated to or waited for may end it all.
    if (ts.isYieldExpression(node)) return null;
    if (ts.isAwaitExpression(node) || ts.isParenthesizedExpression(node)) {
      return followNever(node.expression);
    }
    if (!ts.isCallExpression(node)) {
      const isReported = isReportedAssertion(context, node) || isAskedOfGuard(context, node);
      return isReported ? null : { reason: 'never', node };
    }
    const called = getCalledName(context, node);
    const callees = called ? getFunctions(context, called.node) : [];
    const returned = callees.flatMap((callee) => getReturned(context, callee));
    const [place] = returned.filter(
      (value) => !ts.isCallExpression(value) || followNever(value) !== null,
    );
    return place ? { reason: 'never', node, place } : null;
  }

  return tracer;
}
