import type ts from 'typescript';
import type { EffectNode, LockEffect, Model, NameLockEffect } from '../../vocabulary/effect.js';
import { isForeign } from '../../vocabulary/model-name.js';
import type { Flow } from './flow.js';
import { ANY_ELEMENT, elementOf, isSameIdentity, type Identity } from './identity.js';
import { elementValue } from './iteration.js';
import { entityValue, selectRows, type SelectedRows } from './rows.js';
import { conditionsUntil, MOST_LOCKS, type HeldLock } from './state.js';
import { UNKNOWN, type Read, type Value } from './value.js';

export interface NewLock {
  readonly operation: HeldLock['operation'];
  readonly model: Model;
  readonly identity: Identity;
  readonly members?: readonly Identity[];
  readonly name?: string | null;
  readonly isBlocking: boolean;
  readonly derivedFrom: readonly Read[];
}

/** Whether two models are the same, as far as generics let it be known. */
export function isSameModel(a: Model, b: Model): boolean {
  return a === b || a === null || b === null;
}

/** Takes a lock, or finds the one that this transaction already has. */
export function holdLock(flow: Flow, node: ts.Node, wanted: NewLock): HeldLock {
  const known = findHeld(flow, wanted);
  if (known) return known;
  const lock: HeldLock = {
    operation: wanted.operation,
    site: flow.site(node),
    scope: flow.scope,
    model: wanted.model,
    identity: wanted.identity,
    members: wanted.members ?? [],
    name: wanted.name ?? null,
    isBlocking: wanted.isBlocking,
  };
  const conditions = conditionsUntil(flow.conditions, null);
  flow.facts.locks.push({
    lock,
    heldBefore: flow.held,
    loops: flow.loops,
    derivedFrom: wanted.derivedFrom,
    isOrdered:
      wanted.identity.ordered === true || conditions.some((condition) => condition.isOrdering),
  });
  if (flow.held.length < MOST_LOCKS) flow.set({ held: [...flow.held, lock] });
  return lock;
}

function findHeld(flow: Flow, { operation, model, identity }: NewLock): HeldLock | undefined {
  return flow.held.find(
    (lock) =>
      lock.identity !== null &&
      (lock.operation === 'lockName') === (operation === 'lockName') &&
      lock.identity.key === identity.key &&
      isSameModel(lock.model, model),
  );
}

/** Whether this transaction holds the lock of an entity. */
export function isHeld(flow: Flow, model: Model, identity: Identity): boolean {
  return flow.held.some(
    (lock) =>
      lock.operation !== 'lockName' &&
      lock.identity !== null &&
      (isSameIdentity(lock.identity, identity) ||
        identity.element?.collection === lock.identity.key ||
        lock.members.some((member) => isSameIdentity(member, identity))) &&
      isSameModel(lock.model, model),
  );
}

/** Locks one row or many, and returns them as they are under the lock. */
export function lockRows(flow: Flow, node: EffectNode, effect: LockEffect): Value {
  const found = selectRows(flow, node, effect);
  const { selection, ...identity } = found.identity;
  // What was chosen and locked as one is as it was chosen.
  const rows = selection && isForeign(effect.model) ? { ...found, identity } : found;
  return effect.result === 'one'
    ? lockOne(flow, node, effect, rows)
    : lockMany(flow, node, effect, rows);
}

function lockOne(flow: Flow, node: EffectNode, effect: LockEffect, rows: SelectedRows): Value {
  const { model, identity, idField, value } = rows;
  const lock = holdLock(flow, node, {
    operation: 'lock',
    model,
    identity,
    isBlocking: effect.isBlocking,
    derivedFrom: value.reads,
  });
  return {
    ...entityValue({
      state: 'locked',
      model,
      identity,
      idField,
      site: lock.site,
      lock,
      protectedBy: flow.scope,
      lockedNames: [],
    }),
    locks: [lock],
  };
}

function lockMany(flow: Flow, node: EffectNode, effect: LockEffect, rows: SelectedRows): Value {
  const { idField, identity, value: refs } = rows;
  const { model } = effect;
  const lock = lockAll(flow, node, effect, { ...refs, identity });
  const lockedAs = (ref: Value): Value =>
    entityValue({
      state: 'locked',
      model,
      identity:
        ref.entity?.identity ??
        ref.identity ??
        (rows.isUnique ? identity : elementOf(identity, ANY_ELEMENT)),
      idField,
      site: flow.site(node),
      ...(lock && { lock }),
      protectedBy: flow.scope,
      lockedNames: [],
    });
  const properties =
    refs.properties && new Map([...refs.properties].map(([name, ref]) => [name, lockedAs(ref)]));
  return {
    ...UNKNOWN,
    identity: flow.fresh(node),
    properties,
    element: lockedAs(elementValue({ ...refs, identity })),
    locks: lock ? [lock] : [],
  };
}

/** Takes the locks of a list; none when this transaction has them all. */
function lockAll(
  flow: Flow,
  node: EffectNode,
  { model, isBlocking }: LockEffect,
  refs: Value & { readonly identity: Identity },
): HeldLock | null {
  const each = refs.properties && [...refs.properties.values()];
  const members = each?.flatMap(({ identity }) => (identity ? [identity] : [])) ?? [];
  const isHeldAlready =
    each?.length === members.length && members.every((member) => isHeld(flow, model, member));
  if (isHeldAlready) return null;
  return holdLock(flow, node, {
    operation: 'lockMany',
    model,
    identity: refs.identity,
    members,
    isBlocking,
    derivedFrom: refs.reads,
  });
}

/** Locks a name that is no row. */
export function lockName(
  flow: Flow,
  node: EffectNode,
  { name, isBlocking }: NameLockEffect,
): Value {
  const value = name ? flow.evaluate(name) : UNKNOWN;
  const lock = holdLock(flow, node, {
    operation: 'lockName',
    model: null,
    identity: value.identity ?? flow.fresh(node),
    name: name && flow.context.ts.isStringLiteralLike(name) ? name.text : null,
    isBlocking,
    derivedFrom: value.reads,
  });
  flow.set({ lockedNames: [...flow.lockedNames, lock] });
  return { ...UNKNOWN, locks: [lock] };
}
