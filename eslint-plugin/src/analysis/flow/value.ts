import type ts from 'typescript';
import { isForeign } from '../../vocabulary/model-name.js';
import type { Model } from '../../vocabulary/effect.js';
import { isSameIdentity, type Identity } from './identity.js';
import type { HeldLock, LockedName, Site, TransactionScope } from './held-lock.js';

export type { Site };

/**
 * What is asked of data: whether there is any, whether it is equal to something, or to what somebody gave (`match`),
 * whether its time has come, how much it is, or what comes next after it.
 */
export type Asked = 'existence' | 'equality' | 'match' | 'time' | 'amount' | 'next';

/** The field of a read that only asked whether there is a row. */
export const EXISTENCE = '?';

/** Some data of an entity that flowed into a value. */
export interface Read {
  readonly model: Model;
  readonly identity: Identity;
  /** The field or method that was read; `*` for the whole entity. */
  readonly field: string;
  /** Where the entity was read. */
  readonly site: Site;
  /** The transaction whose lock protects the data; `null` for a read without a lock. */
  readonly protectedBy: TransactionScope | null;
  readonly asked?: Asked;
  /** The names that were locked when it was read. */
  readonly lockedNames: readonly LockedName[];
  /** It was handed to work that takes its time, and what came back is not that data. */
  readonly isHandedOver?: boolean;
}

/** What is known of a value that is an entity or names one. */
export interface Entity {
  readonly state: 'persistent' | 'locked' | 'ref';
  readonly model: Model;
  readonly identity: Identity;
  /** The field that names it: reading that says nothing of its data. */
  readonly idField: string;
  /** Where it was read or locked. */
  readonly site: Site;
  /** The lock that made it, for a `Locked`. */
  readonly lock?: HeldLock;
  /** The transaction whose lock protects its data; `null` for a read without a lock. */
  readonly protectedBy: TransactionScope | null;
  /** The names that were locked when it was read. */
  readonly lockedNames: readonly LockedName[];
  /** Set for a row that this run inserted. */
  readonly isMade?: boolean;
}

/** Work that a promise stands for and that is not the runtime's own. */
export interface Pending {
  readonly node: ts.Node;
  readonly path: readonly ts.Node[];
  /** The locks held while it was awaited inside a callee; `null` when nobody awaited it yet. */
  readonly awaitedUnder: readonly HeldLock[] | null;
}

/** Two things that have to be one. */
export type Equation = readonly [Identity, Identity];

/** What the analysis knows of a value. */
export interface Value {
  readonly identity: Identity | null;
  readonly entity: Entity | null;
  readonly reads: readonly Read[];
  /** Data that decided which value it is: the condition of a `?:`, of an `if` around an assignment or a `return`. */
  readonly choices: readonly Read[];
  readonly properties: ReadonlyMap<string, Value> | null;
  /** Any element of an array. */
  readonly element: Value | null;
  readonly functions: readonly ts.SignatureDeclaration[];
  readonly pending: readonly Pending[];
  /** What the variables around `functions` held where those were made. */
  readonly captured?: ReadonlyMap<ts.Symbol, Value>;
  /** The locks that the promise takes. */
  readonly locks: readonly HeldLock[];
  /** Set for the result of `find`, whose length is a question about the table. */
  readonly isQueryResult?: boolean;
  /** Set for the stream of a signal: it waits for something that may never come. */
  readonly isSignalStream?: boolean;
  /** The question that its length is, for a list that was made of a query's result. */
  readonly lengthOf?: Read;
  /** An order of rows that does not depend on who asks. */
  readonly isOrdered?: boolean;
  /** A map or dictionary: its elements are pairs of a key and what is kept under it. */
  readonly isMap?: boolean;
  /** What has to be equal for the value to be true. */
  readonly equates?: readonly Equation[];
  /** Set for an object that says how many rows of each relation an entity has. */
  readonly countsOf?: Entity;
  /** Where the value was made, if nothing but a type there can say whether it is an entity. */
  readonly typedBy?: Site;
}

/** A value of which nothing is known. */
export const UNKNOWN: Value = {
  identity: null,
  entity: null,
  reads: [],
  choices: [],
  properties: null,
  element: null,
  functions: [],
  pending: [],
  locks: [],
};

/** Whether nothing is known of a value that would say what it is. */
export function isOpen(value: Value): boolean {
  return (
    value.entity === null &&
    value.properties === null &&
    value.element === null &&
    value.functions.length === 0 &&
    value.reads.length === 0
  );
}

/** Whether nothing at all is known of a value, but for its type. */
function isBlank(value: Value): boolean {
  return (
    value === UNKNOWN ||
    (value.identity === null &&
      isOpen(value) &&
      value.choices.length === 0 &&
      value.pending.length === 0 &&
      value.locks.length === 0)
  );
}

/** Enough to decide; more reads of one value say nothing new. */
const MOST_READS = 48;

export function unionReads(a: readonly Read[], b: readonly Read[]): readonly Read[] {
  if (b.length === 0 || a === b) return a;
  if (a.length === 0) return b;
  const result = [...a];
  for (const read of b) {
    if (result.length >= MOST_READS) break;
    if (!result.includes(read)) result.push(read);
  }
  return result;
}

function union<T>(a: readonly T[], b: readonly T[]): readonly T[] {
  if (b.length === 0 || a === b) return a;
  if (a.length === 0) return b;
  return [...new Set([...a, ...b])];
}

const STRENGTH: Readonly<Record<Asked, number>> = {
  existence: 0,
  equality: 1,
  match: 1,
  time: 2,
  amount: 2,
  next: 3,
};
const askedReads = new WeakMap<Read, Map<Asked, Read>>();

/** The same data, of which more is asked than before. */
export function asking(reads: readonly Read[], asked: Asked): readonly Read[] {
  return reads.map((read) => {
    // To be equal to a number is to be so many.
    const wanted = STRENGTH[asked] === 1 && read.asked === 'existence' ? 'amount' : asked;
    if (read.asked !== undefined && STRENGTH[read.asked] >= STRENGTH[wanted]) return read;
    let known = askedReads.get(read);
    if (!known) askedReads.set(read, (known = new Map<Asked, Read>()));
    let result = known.get(wanted);
    if (!result) known.set(wanted, (result = { ...read, asked: wanted }));
    return result;
  });
}

/** A value of which more is asked: a number that was computed from it, or the answer to a comparison. */
export function asked(value: Value, what: Asked): Value {
  if (value.reads.length === 0 && value.choices.length === 0) return value;
  return { ...value, reads: asking(value.reads, what), choices: asking(value.choices, what) };
}

export function withReads(value: Value, reads: readonly Read[]): Value {
  return reads.length === 0 ? value : { ...value, reads: unionReads(value.reads, reads) };
}

export function withChoices(value: Value, choices: readonly Read[]): Value {
  return choices.length === 0 ? value : { ...value, choices: unionReads(value.choices, choices) };
}

/** A value computed from others: it carries their data, and is none of them. */
export function derivedFrom(...values: readonly Value[]): Value {
  let reads: readonly Read[] = [];
  let choices: readonly Read[] = [];
  let pending: readonly Pending[] = [];
  for (const value of values) {
    reads = unionReads(reads, collect(value, 'reads'));
    choices = unionReads(choices, collect(value, 'choices'));
    pending = union(pending, value.pending);
  }
  const isKnown = reads.length > 0 || choices.length > 0 || pending.length > 0;
  return isKnown ? { ...UNKNOWN, reads, choices, pending } : UNKNOWN;
}

/** All data that a value was made of or chosen by; for an object or array, everything in it. */
export function allReads(value: Value): readonly Read[] {
  return unionReads(collect(value, 'reads'), collect(value, 'choices'));
}

/** The data by which a value, or anything in it, was chosen. */
export function allChoices(value: Value): readonly Read[] {
  return collect(value, 'choices');
}

/** Deeper than this, an object is not looked through. */
const DEPTH = 4;

function collect(value: Value, kind: 'reads' | 'choices', depth = DEPTH): readonly Read[] {
  let reads = value[kind];
  if (depth === 0) return reads;
  if (value.element) reads = unionReads(reads, collect(value.element, kind, depth - 1));
  for (const property of value.properties?.values() ?? []) {
    reads = unionReads(reads, collect(property, kind, depth - 1));
  }
  return reads;
}

/** Whether a value is an entity, or has one or some of its data in it. */
export function isOfInterest(value: Value): boolean {
  if (value.entity !== null || allReads(value).length > 0) return true;
  for (const property of value.properties?.values() ?? []) if (property.entity) return true;
  return value.element?.entity != null;
}

/** The pending work of a value and of its elements: what `Promise.all` waits for. */
export function allPending(value: Value): readonly Pending[] {
  let pending = value.pending;
  if (value.element) pending = union(pending, value.element.pending);
  for (const property of value.properties?.values() ?? []) {
    pending = union(pending, property.pending);
  }
  return pending;
}

/** What is known when a value is one of two. */
export function joinValues(a: Value, b: Value): Value {
  if (a === b || isBlank(b)) return a;
  if (isBlank(a)) return b;
  const typedBy = a.typedBy ?? b.typedBy;
  const captured = a.captured ?? b.captured;
  const entity = joinEntities(a.entity, b.entity);
  return {
    identity: joinIdentities(a.identity, b.identity) ?? entity?.identity ?? null,
    entity,
    reads: unionReads(a.reads, b.reads),
    choices: unionReads(a.choices, b.choices),
    properties: joinProperties(a.properties, b.properties),
    element: a.element && b.element ? joinValues(a.element, b.element) : (a.element ?? b.element),
    functions: union(a.functions, b.functions),
    pending: union(a.pending, b.pending),
    locks: union(a.locks, b.locks),
    ...(a.isQueryResult === true && b.isQueryResult === true && { isQueryResult: true }),
    ...(a.lengthOf && b.lengthOf && { lengthOf: a.lengthOf }),
    ...(a.isOrdered === true && b.isOrdered === true && { isOrdered: true }),
    ...(a.isMap === true && b.isMap === true && { isMap: true }),
    ...(typedBy && { typedBy }),
    ...(captured && { captured }),
  };
}

function joinIdentities(a: Identity | null, b: Identity | null): Identity | null {
  return a && a.key === b?.key ? a : null;
}

function joinEntities(a: Entity | null, b: Entity | null): Entity | null {
  if (!a || !b) return a ?? b;
  if (a.state !== b.state) return null;
  if (isSameIdentity(a.identity, b.identity)) return a;
  // Found, or else made: what was found may be old.
  const isMade = b.isMade === true && a.model === b.model;
  if (isMade || (isForeign(a.model) && a.model === b.model && a.isMade !== true)) return a;
  return a.isMade === true && a.model === b.model ? b : null;
}

function joinProperties(
  a: ReadonlyMap<string, Value> | null,
  b: ReadonlyMap<string, Value> | null,
): ReadonlyMap<string, Value> | null {
  if (!a || !b || a === b) return a ?? b;
  const result = new Map(a);
  for (const [name, value] of b) {
    const other = a.get(name);
    result.set(name, other ? joinValues(other, value) : value);
  }
  return result;
}

/** What is known of one thing, said of another that turned out to be it. */
export function renamed(value: Value, from: Identity, to: Identity): Value {
  const { entity, identity, reads } = value;
  return {
    ...value,
    identity: identity?.key === from.key ? to : null,
    entity: entity?.identity.key === from.key ? { ...entity, identity: to } : entity,
    reads: reads.map((read) => (read.identity.key === from.key ? { ...read, identity: to } : read)),
  };
}
