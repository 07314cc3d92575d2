import type ts from 'typescript';
import { getFunctions, type FunctionWithBody } from '../callee.js';
import { isForeignPromise, isSynchronousIo } from '../foreign-work.js';
import { getOperation } from '../operation.js';
import { isWorthFollowing } from '../relevance.js';
import { unwrapExpression } from '../unwrap-expression.js';
import { evaluateArrayMethod } from './array-methods.js';
import { isDeferringCall } from './deferred-calls.js';
import type { Flow } from './flow.js';
import type { Identity } from './identity.js';
import { arrayOf, elementValue } from './iteration.js';
import { evaluateOperation } from './operations.js';
import { evaluatePromiseMethod } from './promises.js';
import { allReads, derivedFrom, joinValues, UNKNOWN, withReads, type Value } from './value.js';

/** The value of a call. */
export function evaluateCall(flow: Flow, node: ts.CallExpression): Value {
  const { ts } = flow.context;
  const operation = getOperation(flow.context, node);
  if (operation) return evaluateOperation(flow, node, operation);
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
  const entity = flow.entityOf(receiver, callee.expression);
  const thisValue = entity ? { ...receiver, entity } : receiver;
  const functions = getFunctions(flow.context, callee.name);
  const followed = follow(flow, node, functions, args, thisValue);
  if (followed) return followed;
  const self = entity ? derivedFrom(flow.copyOf(thisValue, callee.expression)) : receiver;
  return evaluateUnknownCall(flow, node, args, self);
}

function evaluateArguments(flow: Flow, args: readonly ts.Expression[]): readonly Value[] {
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
  return result;
}

function carriesEntities(args: readonly Value[], thisValue: Value | null): boolean {
  if (thisValue?.entity) return true;
  return args.some(
    (argument) =>
      argument.entity !== null || argument.functions.length > 0 || allReads(argument).length > 0,
  );
}

/** A call of which the program has no body: its result is made of what it was given. */
function evaluateUnknownCall(
  flow: Flow,
  node: ts.CallExpression,
  args: readonly Value[],
  receiver: Value | null,
): Value {
  const given = args.map((argument, index) => copyOfArgument(flow, node, argument, index));
  const returned = runCallbacks(flow, node, args);
  const value = derivedFrom(...given, receiver ?? UNKNOWN, ...returned);
  if (isSynchronousIo(flow.context, node) && flow.held.length > 0) {
    flow.facts.slowWaits.push({
      work: node,
      workPath: flow.path,
      site: flow.site(node),
      held: flow.held,
      kind: 'synchronous',
    });
  }
  const isForeign = mayWait(flow, node) && isForeignPromise(flow.context, node);
  return {
    ...value,
    identity: nameOfCall(flow, node, args, receiver),
    ...(isForeign && {
      pending: [...value.pending, { node, path: flow.path, awaitedUnder: null }],
    }),
  };
}

/** Without a lock, a promise that is awaited on the spot is of no interest. */
function mayWait(flow: Flow, node: ts.CallExpression): boolean {
  return flow.held.length > 0 || !flow.context.ts.isAwaitExpression(node.parent);
}

/** An entity that goes to unknown code takes all its data with it, unless only a yes or no comes back. */
function copyOfArgument(flow: Flow, node: ts.CallExpression, value: Value, index: number): Value {
  const argument = node.arguments[index];
  if (!argument || flow.context.ts.isSpreadElement(argument)) return value;
  if (!value.entity) return value;
  const { ts, checker } = flow.context;
  const { flags } = checker.getTypeAtLocation(node);
  const isAnswer = flags & (ts.TypeFlags.BooleanLike | ts.TypeFlags.VoidLike | ts.TypeFlags.Never);
  return isAnswer ? UNKNOWN : flow.copyOf(value, argument);
}

/** Runs callbacks that were handed to unknown code: now if the call is waited for, otherwise later. */
function runCallbacks(
  flow: Flow,
  node: ts.CallExpression,
  args: readonly Value[],
): readonly Value[] {
  const isLater = isDeferringCall(flow.context, node);
  const results: Value[] = [];
  for (const argument of args) {
    for (const callback of [argument, ...(argument.properties?.values() ?? [])]) {
      if (callback.functions.length === 0) continue;
      if (isLater) flow.callLater(callback, []);
      else results.push(flow.callValue(callback, { call: node, args: [] }) ?? UNKNOWN);
    }
  }
  return results;
}

/** Calls of one function with the same arguments name the same thing: `request.param('id')`. */
function nameOfCall(
  flow: Flow,
  node: ts.CallExpression,
  args: readonly Value[],
  receiver: Value | null,
): Identity {
  const fresh = flow.fresh(node);
  const { ts } = flow.context;
  const callee = node.expression;
  const names = args.map((argument) => argument.identity);
  if (args.length === 0 || !ts.isPropertyAccessExpression(callee) || !receiver?.identity) {
    return fresh;
  }
  if (names.some((name) => name === null || name.key.startsWith('@'))) return fresh;
  const list = names.map((name) => name?.key).join(',');
  return { key: `${receiver.identity.key}.${callee.name.text}(${list})`, origins: fresh.origins };
}

/** The value of `new X(…)`. */
export function evaluateNew(flow: Flow, node: ts.NewExpression): Value {
  const { ts } = flow.context;
  const args = evaluateArguments(flow, node.arguments ?? []);
  const [first] = args;
  const identity = flow.fresh(node);
  const name = ts.isIdentifier(node.expression) ? node.expression.text : '';
  if (name === 'Promise') {
    const returned = first ? flow.callValue(first, { call: node, args: [] }) : null;
    const pending = [{ node, path: flow.path, awaitedUnder: null }];
    return { ...UNKNOWN, reads: returned?.reads ?? [], identity, pending };
  }
  if ((name === 'Set' || name === 'Array') && first && (first.element ?? first.identity)) {
    return { ...arrayOf(elementValue(first), first), reads: first.reads };
  }
  for (const argument of args) flow.callLater(argument, []);
  return {
    ...withReads(UNKNOWN, derivedFrom(...args).reads),
    identity,
    properties: first?.properties ?? null,
  };
}
