import type ts from 'typescript';
import { addToVariable } from './assignments.js';
import type { Flow } from './flow.js';
import { arrayOf } from './iteration.js';
import { entryOf } from './map-entries.js';
import { joinValues, UNKNOWN, withReads, type Value } from './value.js';

/** The value of a call such as `map.get(…)`; `null` for a method that is none of a map's. */
export function evaluateMapMethod(
  flow: Flow,
  node: ts.CallExpression,
  map: ts.Expression,
  name: string,
  receiver: Value,
): Value | null {
  const [first = UNKNOWN, second = UNKNOWN] =
    name === 'get' || name === 'set' || name === 'has'
      ? node.arguments.map((argument) => flow.evaluate(argument))
      : [];
  switch (name) {
    case 'get':
      return entryOf(receiver, first);
    case 'has':
      return withReads(UNKNOWN, receiver.reads);
    case 'values':
      return arrayOf(receiver.element?.properties?.get('1') ?? UNKNOWN, receiver);
    case 'keys':
      return arrayOf(receiver.element?.properties?.get('0') ?? UNKNOWN, receiver);
    case 'set':
      setEntry(flow, map, receiver, first, second);
      return receiver;
    default:
      return null;
  }
}

function setEntry(flow: Flow, map: ts.Expression, receiver: Value, key: Value, entry: Value): void {
  const pair: Value = {
    ...UNKNOWN,
    properties: new Map([
      ['0', key],
      ['1', entry],
    ]),
  };
  const element = receiver.element ? joinValues(receiver.element, pair) : pair;
  if (flow.context.ts.isIdentifier(map)) flow.assign(map, { ...receiver, element });
  else addToVariable(flow, map, entry);
}
