import type ts from 'typescript';
import type { Flow } from './flow.js';
import { elementValue } from './iteration.js';
import type { HeldLock } from './state.js';
import { allPending, derivedFrom, joinValues, UNKNOWN, type Value } from './value.js';

const COMBINATORS: ReadonlySet<string> = new Set(['all', 'allSettled', 'race', 'any']);

/** `Promise.all(…)` and its like, and `promise.then(…)`; `null` for every other call. */
export function evaluatePromiseMethod(
  flow: Flow,
  node: ts.CallExpression,
  callee: ts.PropertyAccessExpression,
): Value | null {
  const { ts } = flow.context;
  const name = callee.name.text;
  if (ts.isIdentifier(callee.expression) && callee.expression.text === 'Promise') {
    const [argument] = node.arguments;
    const value = argument ? flow.evaluate(argument) : UNKNOWN;
    if (COMBINATORS.has(name)) return combine(flow, node, name, value);
    return name === 'resolve' ? value : derivedFrom(value);
  }
  if (name === 'then' || name === 'catch' || name === 'finally') {
    return chain(flow, node, callee, name);
  }
  return null;
}

function combine(flow: Flow, node: ts.CallExpression, name: string, value: Value): Value {
  noteConcurrentLocks(flow, node, value);
  const pending = allPending(value);
  if (name === 'all') return { ...value, pending, locks: [] };
  if (name === 'allSettled') return { ...settle(value), pending };
  return { ...elementValue(value), pending, locks: [] };
}

/** By the promise: whether it was kept, and what came of it. */
function settle(value: Value): Value {
  const settled = (one: Value): Value => ({ ...UNKNOWN, properties: new Map([['value', one]]) });
  const { properties } = value;
  return {
    ...UNKNOWN,
    identity: value.identity,
    properties: properties && new Map([...properties].map(([name, one]) => [name, settled(one)])),
    element: settled(elementValue(value)),
  };
}

function noteConcurrentLocks(flow: Flow, node: ts.CallExpression, value: Value): void {
  const locks: HeldLock[] = [];
  for (const property of value.properties?.values() ?? []) locks.push(...property.locks);
  if (value.element) locks.push(...value.element.locks);
  const distinct = new Set(locks.map((lock) => lock.identity?.key ?? lock.name ?? lock));
  if (distinct.size > 1) flow.facts.concurrentLocks.push({ site: flow.site(node), locks });
}

/** `promise.then(callback)` goes on with the callback; nothing waits here. */
function chain(
  flow: Flow,
  node: ts.CallExpression,
  callee: ts.PropertyAccessExpression,
  name: string,
): Value {
  const promise = flow.evaluate(callee.expression);
  const settled: Value = { ...promise, pending: [], locks: [] };
  let result: Value = name === 'then' ? UNKNOWN : settled;
  for (const [index, argument] of node.arguments.entries()) {
    const callback = flow.evaluate(argument);
    const isFulfilled = name === 'then' && index === 0;
    const args = isFulfilled ? [settled] : [];
    const returned = flow.callValue(callback, { call: node, args });
    if (returned && name !== 'finally') result = joinValues(result, returned);
  }
  return { ...result, pending: [...promise.pending, ...result.pending], locks: promise.locks };
}
