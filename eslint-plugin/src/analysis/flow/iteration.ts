import type ts from 'typescript';
import type { Flow } from './flow.js';
import { ANY_ELEMENT, elementOf, type Identity } from './identity.js';
import { UNKNOWN, withReads, type Value } from './value.js';

/** Any element of a value that is iterated. */
export function elementValue(value: Value): Value {
  if (value.element) return withReads(value.element, value.reads);
  const identity = value.identity && elementOf(value.identity, ANY_ELEMENT);
  if (identity === null && value.reads.length === 0) return UNKNOWN;
  return { ...UNKNOWN, reads: value.reads, identity };
}

/** An array of which every element is like `element`. */
export function arrayOf(element: Value, like: Value): Value {
  return {
    ...UNKNOWN,
    identity: like.identity,
    element,
    ...(like.isOrdered === true && { isOrdered: true }),
  };
}

/** The same array, visited in an order that is the same for everybody: sorted, or put in order by a comparison. */
export function inOrder(flow: Flow, node: ts.Node, value: Value): Value {
  const identity = orderedIdentity(value.identity ?? flow.fresh(node));
  const element = value.element ?? elementValue(value);
  return {
    ...value,
    identity,
    properties: null,
    isOrdered: true,
    element: {
      ...element,
      identity: orderedIdentity(element.identity ?? elementOf(identity, ANY_ELEMENT)),
      entity: element.entity && {
        ...element.entity,
        identity: orderedIdentity(element.entity.identity),
      },
    },
  };
}

function orderedIdentity(identity: Identity): Identity {
  return { ...identity, ordered: true };
}
