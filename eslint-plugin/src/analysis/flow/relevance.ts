import type ts from 'typescript';
import { getFunctions, hasBody, type FunctionWithBody } from '../../program/callee.js';
import { getFactoryCall, getMadeFunctions } from '../../program/factory-calls.js';
import { getFunctionNames } from '../../program/function-names.js';
import type { ProgramContext } from '../../program/program-context.js';
import { EFFECT_NAMES, getEffect, takesLockedEntity } from '../../vocabulary/effects.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';

const reaching = new WeakMap<ts.Node, boolean>();

/** Whether running a node can have an effect that a vocabulary knows, in itself or in what it calls. */
export function reachesEffect(context: ProgramContext, node: ts.Node): boolean {
  const known = reaching.get(node);
  if (known !== undefined) return known;
  reaching.set(node, false);
  const result = searchCalls(context, node);
  reaching.set(node, result);
  return result;
}

/** Whether what goes by a name may have such an effect, as far as names alone tell. */
function mayReachEffect(context: ProgramContext, name: string): boolean {
  return getFunctionNames(context).mayReach(name, EFFECT_NAMES);
}

function searchCalls(context: ProgramContext, node: ts.Node): boolean {
  const { ts } = context;
  const visit = (child: ts.Node): boolean => {
    if (ts.isTypeNode(child)) return false;
    if (ts.isCallExpression(child) && isReachingCall(context, child)) return true;
    if (ts.isTaggedTemplateExpression(child) && getEffect(context, child)) return true;
    return ts.forEachChild(child, (inner) => visit(inner) || undefined) ?? false;
  };
  return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
}

function isReachingCall(context: ProgramContext, call: ts.CallExpression): boolean {
  const { ts } = context;
  const effect = getEffect(context, call);
  if (effect) return effect.kind !== 'ref';
  const callee = unwrapExpression(context, call.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return false;
  if (!mayReachEffect(context, name.text)) return false;
  const made = getFactoryCall(context, name);
  return (
    getFunctions(context, name).some((target) => reachesEffect(context, target)) ||
    (made !== null && isMadeReaching(context, made))
  );
}

/** Whether what a factory makes can have an effect: in itself, or in a function that the factory was given. */
export function isMadeReaching(context: ProgramContext, factory: ts.CallExpression): boolean {
  return (
    getMadeFunctions(context, factory).some((made) => reachesEffect(context, made)) ||
    factory.arguments.some((argument) => isReachingFunction(context, argument))
  );
}

function isReachingFunction(context: ProgramContext, argument: ts.Expression): boolean {
  const { ts } = context;
  const given = unwrapExpression(context, argument);
  if (ts.isCallExpression(given)) return isMadeReaching(context, given);
  return hasBody(context, given) && reachesEffect(context, given);
}

/** Whether a call is worth following although nothing of interest is handed to it. */
export function isWorthFollowing(
  context: ProgramContext,
  callee: FunctionWithBody,
  isUnderLock: boolean,
): boolean {
  return isUnderLock || reachesEffect(context, callee);
}

/** Whether a function is worth analysing by itself: it has an effect, or is handed a lock and waits. */
export function isWorthAnalysing(context: ProgramContext, node: ts.Node): boolean {
  return takesLockedEntity(context, node) || reachesEffect(context, node);
}
