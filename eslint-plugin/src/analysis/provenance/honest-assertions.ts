import type ts from 'typescript';
import { isLocked } from '../../vocabulary/contained-state.js';
import { getEntityType } from '../../vocabulary/entity-type.js';
import { getPresentMembers, hidesAny, isNever } from '../forged/type-facts.js';
import type { ProgramContext } from '../../program/program-context.js';
import type { Tracer } from './tracer.js';

/** Whether an assertion says no more than what is known: a wider type, a base model, that something is there. */
export function isHonestAssertion(
  tracer: Tracer,
  node: ts.Expression,
  expression: ts.Expression,
): boolean {
  const { context } = tracer;
  const { ts, checker } = context;
  const from = checker.getTypeAtLocation(expression);
  const to = checker.getTypeAtLocation(node);
  if (isNever(context, to) || hidesAny(context, from)) return false;
  const members = getPresentMembers(context, from);
  return members.every((member) => {
    if (checker.isTypeAssignableTo(member, to)) return true;
    if (isLocked(context, member) && isLocked(context, to)) return isSameModel(tracer, member, to);
    // `value as NonNullable<T>`
    return (
      (member.flags & ts.TypeFlags.TypeParameter) !== 0 &&
      to.isIntersection() &&
      to.types.includes(member)
    );
  });
}

function isSameModel({ context }: Tracer, from: ts.Type, to: ts.Type): boolean {
  const given = getEntityType(context, from)?.model ?? null;
  const wanted = getEntityType(context, to)?.model ?? null;
  return given === null || wanted === null || given === wanted;
}

/** Whether an assertion that an entity is `never` is in the code itself: it is reported there. */
export function isReportedAssertion(context: ProgramContext, node: ts.Expression): boolean {
  const { ts, checker } = context;
  if (!ts.isAsExpression(node) && !ts.isTypeAssertionExpression(node)) return false;
  return getPresentMembers(context, checker.getTypeAtLocation(node.expression)).some(
    (member) => getEntityType(context, member) !== null,
  );
}
