import type ts from 'typescript';
import type { Flow } from './flow.js';
import { addToField, addToVariable } from './assignments.js';
import { arrayOf, elementValue, inOrder } from './iteration.js';
import { evaluateMapMethod } from './maps.js';
import { elementAt, lengthOf } from './properties.js';
import {
  allReads,
  derivedFrom,
  joinValues,
  renamed,
  unionReads,
  UNKNOWN,
  withChoices,
  withReads,
  type Value,
} from './value.js';

/** What a method of an array makes of the array. */
type Effect =
  'each' | 'choose' | 'pick' | 'ask' | 'fold' | 'same' | 'sort' | 'entries' | 'add' | 'at';

const METHODS: Readonly<Record<string, Effect>> = {
  map: 'each',
  flatMap: 'each',
  forEach: 'each',
  filter: 'choose',
  find: 'pick',
  findLast: 'pick',
  some: 'ask',
  every: 'ask',
  findIndex: 'ask',
  reduce: 'fold',
  reduceRight: 'fold',
  slice: 'same',
  reverse: 'same',
  toReversed: 'same',
  concat: 'same',
  values: 'same',
  flat: 'same',
  sort: 'sort',
  toSorted: 'sort',
  entries: 'entries',
  push: 'add',
  unshift: 'add',
  at: 'at',
  pop: 'at',
  shift: 'at',
};

/** The value of a call such as `list.map(…)`; `null` when the method is none of an array's. */
export function evaluateArrayMethod(
  flow: Flow,
  node: ts.CallExpression,
  callee: ts.PropertyAccessExpression,
  receiver: Value,
): Value | null {
  const name = callee.name.text;
  if (receiver.isMap === true) {
    const known = evaluateMapMethod(flow, node, callee.expression, name, receiver);
    if (known) return known;
  }
  if (!Object.hasOwn(METHODS, name)) return null;
  const effect = METHODS[name];
  if (effect === undefined || !isArray(flow, callee, receiver)) return null;
  const [argument, ...more] = node.arguments;
  const first = argument ? flow.evaluate(argument) : UNKNOWN;
  const rest = more.map((expression) => flow.evaluate(expression));
  switch (effect) {
    case 'each':
      return mapEach(flow, node, name, receiver, first);
    case 'choose': {
      const reads = allReads(callWithElement(flow, node, receiver, first));
      return withChoices({ ...receiver, properties: null, element: elementValue(receiver) }, reads);
    }
    case 'pick': {
      const answer = callWithElement(flow, node, receiver, first);
      const key = `${name}@${flow.context.idOf(node)}`;
      return (
        findEqual(receiver, answer) ?? withChoices(elementAt(receiver, key, node), allReads(answer))
      );
    }
    case 'ask':
      return withReads(callWithElement(flow, node, receiver, first), receiver.reads);
    case 'fold':
      return fold(flow, node, receiver, first, rest[0]);
    case 'same':
      return joinValues(receiver, first === UNKNOWN ? receiver : first);
    case 'sort':
      return sort(flow, callee, name, receiver);
    case 'entries':
      return arrayOf(pairOf(elementValue(receiver)), receiver);
    case 'add':
      return add(flow, callee, receiver, [first, ...rest]);
    case 'at':
      return elementAt(receiver, argument?.getText() ?? `${name}@${flow.context.idOf(node)}`, node);
  }
}

/** The element that is looked for by its id: what has that id. */
function findEqual(receiver: Value, { equates = [] }: Value): Value | null {
  const element = elementValue(receiver);
  const { identity } = element;
  if (!identity) return null;
  for (const [left, right] of equates) {
    if (left.key === identity.key) return renamed(element, identity, right);
    if (right.key === identity.key) return renamed(element, identity, left);
  }
  return null;
}

/** Known to be an array, or a call with a callback, which no other method of these names takes. */
function isArray(flow: Flow, callee: ts.PropertyAccessExpression, receiver: Value): boolean {
  if (receiver.element || receiver.isQueryResult === true) return true;
  if (receiver.entity) return false;
  const { checker } = flow.context;
  const type = checker.getTypeAtLocation(callee.expression);
  return checker.isArrayType(type) || checker.isTupleType(type);
}

function callWithElement(
  flow: Flow,
  node: ts.CallExpression,
  receiver: Value,
  callback: Value,
): Value {
  const args = [elementValue(receiver)];
  const returned = flow.callValue(callback, { call: node, args });
  return returned ?? derivedFrom(callback);
}

/** The callbacks of `map` and `forEach`: a loop, and one that starts all at once when they are async. */
function mapEach(
  flow: Flow,
  node: ts.CallExpression,
  name: string,
  receiver: Value,
  callback: Value,
): Value {
  const { loops, path, scope } = flow;
  const loop = { node, path, scope, isConcurrent: callback.functions.length > 0 };
  const args = [elementValue(receiver), UNKNOWN, receiver];
  let returned: Value = UNKNOWN;
  const round = flow.within({ loops: [...loops, loop] }, () =>
    flow.fork(() => {
      returned = flow.callValue(callback, { call: node, args }) ?? derivedFrom(callback);
    }),
  );
  flow.resume({ ...round, exit: flow.exit });
  if (name === 'forEach') return UNKNOWN;
  const result = arrayOf(returned, receiver);
  const length = name === 'map' ? lengthOf(receiver) : null;
  return {
    ...result,
    identity: result.identity ?? flow.fresh(node),
    reads: receiver.reads,
    ...(length && { lengthOf: length }),
  };
}

function fold(
  flow: Flow,
  node: ts.CallExpression,
  receiver: Value,
  callback: Value,
  start: Value | undefined,
): Value {
  const initial = start ?? elementValue(receiver);
  const args = [initial, elementValue(receiver)];
  const returned = flow.callValue(callback, { call: node, args });
  const reads = unionReads(allReads(receiver), returned?.reads ?? []);
  return withReads(returned ? joinValues(initial, returned) : derivedFrom(initial), reads);
}

function sort(
  flow: Flow,
  callee: ts.PropertyAccessExpression,
  name: string,
  receiver: Value,
): Value {
  const sorted = inOrder(flow, callee, receiver);
  const { ts } = flow.context;
  if (name === 'sort' && ts.isIdentifier(callee.expression)) flow.assign(callee.expression, sorted);
  return sorted;
}

function pairOf(element: Value): Value {
  return { ...UNKNOWN, properties: new Map([['1', element]]) };
}

function add(
  flow: Flow,
  callee: ts.PropertyAccessExpression,
  receiver: Value,
  values: readonly Value[],
): Value {
  const { ts } = flow.context;
  let element = receiver.element;
  for (const value of values) element = element ? joinValues(element, value) : value;
  if (ts.isIdentifier(callee.expression)) {
    flow.assign(callee.expression, { ...receiver, properties: null, element });
  } else {
    for (const value of values) addToVariable(flow, callee.expression, value);
    addToField(flow, callee.expression, { ...receiver, properties: null, element });
  }
  return UNKNOWN;
}
