import type ts from 'typescript';
import type { Flow } from './flow.js';
import { isSameIdentity, type Identity } from './identity.js';
import { conditionsUntil, MOST_LOCKS, type HeldLock } from './state.js';
import type { Model, Read } from './value.js';

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
  if (flow.held.length < MOST_LOCKS) flow.held = [...flow.held, lock];
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

/** Whether `lock` with these options waits for whoever holds the row. */
export function isWaiting(flow: Flow, options: ts.Expression | undefined): boolean {
  const { ts } = flow.context;
  if (!options || !ts.isObjectLiteralExpression(options)) return true;
  return !options.properties.some(
    (property) =>
      ts.isPropertyAssignment(property) &&
      property.name.getText() === 'wait' &&
      ts.isStringLiteralLike(property.initializer) &&
      property.initializer.text !== 'block',
  );
}
