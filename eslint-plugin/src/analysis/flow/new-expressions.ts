import type ts from 'typescript';
import { evaluateArguments } from './calls.js';
import type { Flow } from './flow.js';
import { arrayOf, elementValue } from './iteration.js';
import { derivedFrom, UNKNOWN, withReads, type Value } from './value.js';

/** Classes that hold what they are given. */
const COLLECTIONS: ReadonlySet<string> = new Set(['Set', 'Map', 'Array']);

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
  if (COLLECTIONS.has(name) && first && (first.element ?? first.identity)) {
    return { ...arrayOf(elementValue(first), first), reads: first.reads };
  }
  for (const argument of args) flow.callLater(argument, []);
  return {
    ...withReads(UNKNOWN, derivedFrom(...args).reads),
    identity,
    properties: first?.properties ?? null,
  };
}
