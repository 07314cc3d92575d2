import type ts from 'typescript';
import { getFunctions, type FunctionWithBody } from '../../program/callee.js';
import { getFactoryCall } from '../../program/factory-calls.js';
import { getEffect, getEntityMethods } from '../../vocabulary/effects.js';
import { isMadeReaching, isWorthFollowing } from './relevance.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { evaluateArrayMethod } from './array-methods.js';
import type { Flow } from './flow.js';
import { isMeant } from './entity-effects.js';
import { elementValue } from './iteration.js';
import { evaluateEffect } from './evaluate-effect.js';
import { evaluatePromiseMethod } from './promises.js';
import { evaluateUnknownCall } from './unknown-calls.js';
import { derivedFrom, isOfInterest, joinValues, UNKNOWN, type Value } from './value.js';

/** The value of a call. */
export function evaluateCall(flow: Flow, node: ts.CallExpression): Value {
  const { ts } = flow.context;
  const effect = getEffect(flow.context, node);
  if (effect && isMeant(flow, effect)) return evaluateEffect(flow, node, effect);
  const callee = unwrapExpression(flow.context, node.expression);
  if (!ts.isPropertyAccessExpression(callee)) {
    return evaluatePlainCall(flow, node, flow.evaluate(callee), callee);
  }
  const promise = evaluatePromiseMethod(flow, node, callee);
  if (promise) return promise;
  const receiver = flow.evaluate(callee.expression);
  const array = evaluateArrayMethod(flow, node, callee, receiver);
  if (array) return array;
  const method = receiver.properties?.get(callee.name.text);
  if (method && method.functions.length > 0) return evaluatePlainCall(flow, node, method, callee);
  return evaluateMethodCall(flow, node, callee, receiver);
}

function evaluatePlainCall(
  flow: Flow,
  node: ts.CallExpression,
  callee: Value,
  name: ts.Expression,
): Value {
  const args = evaluateArguments(flow, node.arguments);
  const known = flow.callValue(callee, { call: node, args });
  if (known) return known;
  const made = callMade(flow, node, name, args);
  if (made) return made;
  const followed = follow(flow, node, getFunctions(flow.context, name), args, null);
  return followed ?? evaluateUnknownCall(flow, node, args, null);
}

function evaluateMethodCall(
  flow: Flow,
  node: ts.CallExpression,
  callee: ts.PropertyAccessExpression,
  receiver: Value,
): Value {
  const args = evaluateArguments(flow, node.arguments);
  const made = callMade(flow, node, callee.name, args);
  if (made) return made;
  const entity = flow.entityOf(receiver);
  const thisValue = entity ? { ...receiver, entity } : receiver;
  const known = getFunctions(flow.context, callee.name);
  const functions =
    known.length === 0 && entity
      ? getEntityMethods(flow.context, entity.model, callee.name.text)
      : known;
  const followed = follow(flow, node, functions, args, thisValue);
  if (followed) return followed;
  const self = entity ? derivedFrom(flow.copyOf(thisValue)) : receiver;
  return evaluateUnknownCall(flow, node, args, self);
}

/** Runs what a factory made, as in `const find = finderOf(pool)(users)`, with what that was given. */
function callMade(
  flow: Flow,
  node: ts.CallExpression,
  name: ts.Node,
  args: readonly Value[],
): Value | null {
  const factory = getFactoryCall(flow.context, name);
  if (!factory || flow.frames.some(({ call }) => call === factory)) return null;
  if (!isMadeReaching(flow.context, factory)) return null;
  const result = flow.callValue(flow.evaluate(factory), { call: node, args });
  return result && named(flow, node, result);
}

export function evaluateArguments(flow: Flow, args: readonly ts.Expression[]): readonly Value[] {
  return args.map((argument) =>
    flow.context.ts.isSpreadElement(argument)
      ? elementValue(flow.evaluate(argument.expression))
      : flow.evaluate(argument),
  );
}

/** Runs what a call can reach in the program; `null` when it reaches nothing, or nothing of interest. */
function follow(
  flow: Flow,
  node: ts.CallExpression,
  functions: readonly FunctionWithBody[],
  args: readonly Value[],
  thisValue: Value | null,
): Value | null {
  const carries = carriesEntities(args, thisValue);
  const worthy = functions.filter(
    (callee) => carries || isWorthFollowing(flow.context, callee, flow.held.length > 0),
  );
  let result: Value | null = null;
  for (const callee of worthy) {
    const returned = flow.call(callee, { call: node, args, thisValue });
    result = result ? joinValues(result, returned) : returned;
  }
  return result && named(flow, node, result);
}

/** What has no name of its own is named for where it was computed. */
export function named(flow: Flow, node: ts.Node, value: Value): Value {
  return value === UNKNOWN || value.identity !== null
    ? value
    : { ...value, identity: flow.fresh(node) };
}

function carriesEntities(args: readonly Value[], thisValue: Value | null): boolean {
  if (thisValue?.entity ?? (thisValue?.properties && isOfInterest(thisValue))) return true;
  return args.some((argument) => argument.functions.length > 0 || isOfInterest(argument));
}
