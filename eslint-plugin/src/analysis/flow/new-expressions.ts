import type ts from 'typescript';
import { hasBody } from '../../program/callee.js';
import { getDeclaredSymbol } from '../../program/class-index.js';
import { evaluateArguments } from './calls.js';
import type { Flow } from './flow.js';
import type { Identity } from './identity.js';
import { arrayOf, elementValue } from './iteration.js';
import { derivedFrom, isOfInterest, UNKNOWN, withReads, type Value } from './value.js';

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
  if (COLLECTIONS.has(name)) {
    const isMap = name === 'Map' && { isMap: true };
    if (!first) return { ...UNKNOWN, identity, ...isMap };
    if (first.element ?? first.identity) {
      return { ...arrayOf(elementValue(first), first), reads: first.reads, ...isMap };
    }
  }
  const made = construct(flow, node, args, identity);
  if (made) return made;
  for (const argument of args) flow.callLater(argument, []);
  return {
    ...withReads(UNKNOWN, derivedFrom(...args).reads),
    identity,
    properties: first?.properties ?? null,
  };
}

/** Runs a constructor of the program that is given something of interest, for what it keeps of it. */
function construct(
  flow: Flow,
  node: ts.NewExpression,
  args: readonly Value[],
  identity: Identity,
): Value | null {
  const { ts } = flow.context;
  if (!args.some(isOfInterest)) return null;
  const declaration = getDeclaredSymbol(flow.context, node.expression)?.valueDeclaration;
  if (!declaration || !ts.isClassLike(declaration)) return null;
  const constructor = declaration.members.find(ts.isConstructorDeclaration);
  if (!constructor || !hasBody(flow.context, constructor)) return null;
  const properties = new Map<string, Value>();
  for (const [index, parameter] of constructor.parameters.entries()) {
    const value = args[index];
    if (value && ts.isIdentifier(parameter.name) && parameter.modifiers) {
      properties.set(parameter.name.text, value);
    }
  }
  const thisValue: Value = { ...UNKNOWN, identity, properties };
  flow.call(constructor, { call: node, args, thisValue });
  return thisValue;
}
