import type ts from 'typescript';
import { isAny } from '../../analysis/forged/type-facts.js';
import { hasAnyModel } from '../../analysis/forged/unsafe-conversion.js';
import { getTracer } from '../../analysis/provenance/create-tracer.js';
import { findForeignLocker } from '../../analysis/provenance/lockers.js';
import { findPatched } from '../../analysis/provenance/patched-members.js';
import { getCalledName } from '../../program/called-name.js';
import type { ProgramContext } from '../../program/program-context.js';
import { describeCode, describePlace } from '../../report/source-places.js';
import { getEntityType } from '../../vocabulary/entity-type.js';
import { getOperation } from '../../vocabulary/operation.js';
import type { MessageId } from './messages.js';
import { METHODS, WRITES } from './repository-methods.js';

/** What is wrong with the repository of a call, or with a method that is put in the place of its own. */
export interface RepositoryProblem {
  readonly messageId: Extract<MessageId, 'anyModel' | 'foreign' | 'patched' | 'untyped'>;
  readonly data: Readonly<Record<string, string>>;
  /** Where it begins, if that is to be named once only. */
  readonly origin?: ts.Node;
}

export function findRepositoryProblems(
  cx: ProgramContext,
  call: ts.CallExpression,
): readonly RepositoryProblem[] {
  return [...findOfReceiver(cx, call), ...findForeign(cx, call), ...findPatching(cx, call)];
}

function* findOfReceiver(
  cx: ProgramContext,
  call: ts.CallExpression,
): Generator<RepositoryProblem> {
  const { checker, program } = cx;
  const called = getCalledName(cx, call);
  if (!called?.receiver || !METHODS.has(called.name)) return;
  const receiver = checker.getTypeAtLocation(called.receiver);
  const code = describeCode(called.receiver);
  if (getOperation(cx, call)) {
    if (hasAnyModel(cx, receiver)) yield { messageId: 'anyModel', data: { code } };
    const unknown = getTracer(cx, 'repository').trace(called.receiver, null);
    if (unknown?.reason !== 'copied') return;
    const place = unknown.place ?? unknown.node;
    const at = `, at ${describePlace(program, call.getSourceFile(), place)}`;
    yield { messageId: 'patched', data: { code, at }, origin: unknown.node };
    return;
  }
  const [entity] = call.arguments;
  if (!entity || !WRITES.has(called.name) || !isAny(cx, receiver)) return;
  if (!getEntityType(cx, checker.getTypeAtLocation(entity))) return;
  yield { messageId: 'untyped', data: { code, method: called.name } };
}

function* findForeign(cx: ProgramContext, call: ts.CallExpression): Generator<RepositoryProblem> {
  const locker = findForeignLocker(cx, call);
  if (!locker) return;
  const [entity] = call.arguments;
  const data = { code: describeCode(entity ?? call), locker: describeCode(locker) };
  yield { messageId: 'foreign', data };
}

function* findPatching(cx: ProgramContext, call: ts.CallExpression): Generator<RepositoryProblem> {
  const patched = findPatched(cx, call);
  if (patched) yield { messageId: 'patched', data: { code: describeCode(patched), at: '' } };
}
