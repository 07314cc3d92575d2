import type ts from 'typescript';

/**
 * A name for what a value is, such that two values with the same name are the same entity, id or object.
 * It is symbolic: the parameter `id`, its property `id.account`, "what this call returned".
 */
export interface Identity {
  readonly key: string;
  /** Where the value comes from: asked when a lock depends on something of a loop. */
  readonly origins: readonly ts.Node[];
  /** Set for one of a collection's elements: which collection, and which of its elements. */
  readonly element?: { readonly collection: string; readonly accessor: string };
  /** Set for a property: what it is a property of, and which. */
  readonly owner?: { readonly of: Identity; readonly property: string };
  /** The elements are visited in an order that is the same for everybody. */
  readonly ordered?: boolean;
  /** It was found by a query while some lock was held, which may be the lock that protects what is found. */
  readonly isGuarded?: boolean;
  /** The fields that a query found it by, each with the name of the value that it had to be equal to. */
  readonly query?: ReadonlyMap<string, string | null>;
  /** The values that a table was searched for, by field, where each of them has a name. */
  readonly lookup?: ReadonlyMap<string, string>;
  /** The rows of which one is meant, where the name was computed from them. */
  readonly sources?: readonly Identity[];
  /** How a query chose it: fields that were compared with constants, without any lock. */
  readonly selection?: Selection;
}

export interface Selection {
  readonly fields: readonly string[];
  readonly node: ts.Node;
  readonly path: readonly ts.Node[];
}

/** The accessor of "some element". */
export const ANY_ELEMENT = '*';

const EACH = 'each ';

/** The accessor of the element that a loop is at. */
export function eachElement(variable: number): string {
  return `${EACH}${String(variable)}`;
}

/** Whether an accessor names any of the elements, or each of them in turn. */
export function isAnyElement(accessor: string): boolean {
  return accessor === ANY_ELEMENT || accessor.startsWith(EACH);
}

/** Whether two names denote the same thing, as far as names can tell: what one loop visits, another visits as well. */
export function isSameIdentity(a: Identity, b: Identity): boolean {
  if (a.key === b.key) return true;
  if (isSourceOf(a, b) || isSourceOf(b, a)) return true;
  if (a.owner && b.owner) {
    return a.owner.property === b.owner.property && isSameIdentity(a.owner.of, b.owner.of);
  }
  if (a.lookup && b.lookup) return isWithin(a.lookup, b.lookup) || isWithin(b.lookup, a.lookup);
  if (a.element?.collection === undefined || a.element.collection !== b.element?.collection) {
    return false;
  }
  const [first, second] = [a.element.accessor, b.element.accessor];
  if (first === ANY_ELEMENT || second === ANY_ELEMENT) return true;
  return isAnyElement(first) && isAnyElement(second);
}

function isSourceOf(source: Identity, { sources = [] }: Identity): boolean {
  return sources.some(({ key }) => key === source.key);
}

/**
 * Whether two names may well be those of one row: both were found by some field, and not each by the values of a key,
 * which would tell them from each other.
 */
export function mayBeSame(a: Identity, b: Identity): boolean {
  if (isSameIdentity(a, b)) return true;
  if (!a.query || !b.query || (!a.lookup && !b.lookup)) return false;
  return [...a.query.keys()].some((field) => b.query?.has(field));
}

/** Whether whoever searches for all of `values` finds no other rows than whoever searches for `fewer` of them. */
function isWithin(
  fewer: ReadonlyMap<string, string>,
  values: ReadonlyMap<string, string>,
): boolean {
  return fewer.size > 0 && [...fewer].every(([field, value]) => values.get(field) === value);
}

/** The name of a property of what `of` names. */
export function propertyOf(of: Identity, name: string): Identity {
  return {
    key: `${of.key}.${name}`,
    origins: of.origins,
    owner: { of, property: name },
    ...(of.ordered === true && { ordered: true }),
    ...(of.isGuarded === true && { isGuarded: true }),
  };
}

/** The name of one element of the collection that `of` names. */
export function elementOf(of: Identity, accessor: string, node?: ts.Node): Identity {
  return {
    key: `${of.key}[${accessor}]`,
    element: { collection: of.key, accessor },
    origins: node === undefined ? of.origins : [...of.origins, node],
    ...(of.ordered === true && { ordered: true }),
    ...(of.isGuarded === true && { isGuarded: true }),
    ...(of.query !== undefined && { query: of.query }),
    ...(of.selection !== undefined && { selection: of.selection }),
  };
}
