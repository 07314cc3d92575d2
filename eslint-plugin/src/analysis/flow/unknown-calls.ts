import type ts from 'typescript';
import { isDatabaseWork, isForeignPromise, isSynchronousIo } from '../../program/foreign-work.js';
import type { ProgramContext } from '../../program/program-context.js';
import { isDeferringCall } from './deferred-calls.js';
import type { Flow } from './flow.js';
import { locksName, locksNameAround } from './named-locks.js';
import type { Identity } from './identity.js';
import { allReads, derivedFrom, UNKNOWN, type Value } from './value.js';

/** A call of which the program has no body: its result is made of what it was given. */
export function evaluateUnknownCall(
  flow: Flow,
  node: ts.CallExpression,
  args: readonly Value[],
  receiver: Value | null,
): Value {
  const given = args.map((argument, index) => copyOfArgument(flow, node, argument, index));
  const returned = runCallbacks(flow, node, args);
  if (locksName(flow.context, node)) {
    flow.set({ lockedNames: [...flow.lockedNames, { site: flow.site(node) }] });
  }
  noteAssertion(flow, node, given);
  const data = derivedFrom(...given, receiver ?? UNKNOWN);
  const isForeign = mayMatter(flow, node, data) && isForeignPromise(flow.context, node);
  const isHandedOver = isForeign || isUntypedWork(flow, node);
  const value = derivedFrom(isHandedOver ? handedOver(data) : data, ...returned);
  if (isSynchronousIo(flow.context, node) && flow.held.length > 0) {
    flow.facts.slowWaits.push({
      work: node,
      workPath: flow.path,
      site: flow.site(node),
      held: flow.held,
      kind: 'synchronous',
    });
  }
  return {
    ...value,
    identity: nameOfCall(flow, node, args, receiver),
    ...(isForeign &&
      !isDatabaseWork(flow.context, node) && {
        pending: [...value.pending, { node, path: flow.path, awaitedUnder: null }],
      }),
  };
}

/** Without a lock, a promise that is awaited on the spot is of no interest, unless it was given data. */
function mayMatter(flow: Flow, node: ts.CallExpression, data: Value): boolean {
  if (flow.held.length > 0 || data.reads.length > 0) return true;
  return !flow.context.ts.isAwaitExpression(node.parent);
}

/** Whether a call that is waited for is of a package that is not installed. */
function isUntypedWork({ context: { ts, checker } }: Flow, node: ts.CallExpression): boolean {
  if (!ts.isAwaitExpression(node.parent)) return false;
  return (checker.getTypeAtLocation(node).flags & ts.TypeFlags.Any) !== 0;
}

function handedOver(value: Value): Value {
  return { ...value, reads: value.reads.map((read) => ({ ...read, isHandedOver: true })) };
}

/** An entity that goes to unknown code takes all its data with it, unless only a yes or no comes back. */
function copyOfArgument(flow: Flow, node: ts.CallExpression, value: Value, index: number): Value {
  const argument = node.arguments[index];
  if (!argument || flow.context.ts.isSpreadElement(argument)) return value;
  if (!value.entity) return value;
  const { ts, checker } = flow.context;
  const { flags } = checker.getTypeAtLocation(node);
  const isAnswer = flags & (ts.TypeFlags.BooleanLike | ts.TypeFlags.VoidLike | ts.TypeFlags.Never);
  return isAnswer ? UNKNOWN : flow.copyOf(value);
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
      else results.push(runNow(flow, node, callback));
    }
  }
  return results;
}

/** Runs a callback; under a locked name, if what calls it locks the name that it is given before. */
function runNow(flow: Flow, node: ts.CallExpression, callback: Value): Value {
  const run = () => flow.callValue(callback, { call: node, args: [] }) ?? UNKNOWN;
  if (!locksNameAround(flow.context, node)) return run();
  return flow.within({ lockedNames: [...flow.lockedNames, { site: flow.site(node) }] }, run);
}

/** Questions with the same constant name the same thing: `request.param('id')`, and what a map has for a key. */
function nameOfCall(
  flow: Flow,
  node: ts.CallExpression,
  args: readonly Value[],
  receiver: Value | null,
): Identity {
  const fresh = flow.fresh(node);
  const { ts } = flow.context;
  const callee = node.expression;
  if (args.length === 0 || !ts.isPropertyAccessExpression(callee) || !receiver?.identity) {
    return fresh;
  }
  const isQuestion =
    callee.name.text === 'get' ||
    node.arguments.every((argument) => ts.isLiteralExpression(argument));
  const names = args.map((argument) => argument.identity);
  if (!isQuestion || names.some((name) => name === null || name.key.startsWith('@'))) return fresh;
  const list = names.map((name) => name?.key).join(',');
  return { key: `${receiver.identity.key}.${callee.name.text}(${list})`, origins: fresh.origins };
}

/** Code that gets data and returns nothing may throw on it; it does when its signature says so. */
function noteAssertion(flow: Flow, node: ts.CallExpression, args: readonly Value[]): void {
  const { ts } = flow.context;
  if (!ts.isExpressionStatement(node.parent)) return;
  const reads = allReads(derivedFrom(...args));
  if (reads.length === 0) return;
  const isSure = isAssertion(flow.context, node);
  flow.guard(node, isSure ? reads : reads.filter((read) => read.protectedBy === flow.scope));
}

function isAssertion({ ts, checker }: ProgramContext, node: ts.CallExpression): boolean {
  const signature = checker.getResolvedSignature(node);
  const predicate = signature && checker.getTypePredicateOfSignature(signature);
  return (
    predicate?.kind === ts.TypePredicateKind.AssertsIdentifier ||
    predicate?.kind === ts.TypePredicateKind.AssertsThis
  );
}
