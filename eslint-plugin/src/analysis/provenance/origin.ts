import type ts from 'typescript';

/** Why nobody can say where a value comes from. */
export type Reason =
  /** Its type is `any`. */
  | 'any'
  /** Its type is `never`, and yet it is there. */
  | 'never'
  /** An assertion in a generic says that it is what the caller asks for. */
  | 'asserted'
  /** The caller names the type of a result, and hands over nothing of that type. */
  | 'generic'
  /** A function without a body made it, and was given none. */
  | 'made'
  /** It is another object than the one that was handed over. */
  | 'copied'
  /** A check narrowed it that a snapshot passes as well. */
  | 'narrowedTo'
  /** What holds it was written into by something that takes any value. */
  | 'replaced'
  /** It may be missing. */
  | 'missing'
  /** Which method made it is decided when the program runs. */
  | 'dynamic'
  /** A decorator decides what it is. */
  | 'injected'
  /** It is the `this` of a method that can be called on any state. */
  | 'self'
  /** A transaction returned it, and is over. */
  | 'released';

/** A place where the trail of a value ends without a source. */
export interface Unknown {
  readonly reason: Reason;
  /** The expression whose origin is not known: in the code that is looked at, not in what it calls. */
  readonly node: ts.Node;
  /** What in a function that it calls, or elsewhere, is the cause. */
  readonly place?: ts.Node;
}

/** The same end of a trail, seen from a call of the function that it is in. */
export function seenFrom(call: ts.Node, unknown: Unknown): Unknown {
  return { reason: unknown.reason, node: call, place: unknown.place ?? unknown.node };
}

export function firstUnknown<T>(
  items: Iterable<T>,
  trace: (item: T) => Unknown | null,
): Unknown | null {
  for (const item of items) {
    const unknown = trace(item);
    if (unknown) return unknown;
  }
  return null;
}
