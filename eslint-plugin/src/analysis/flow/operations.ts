import type ts from 'typescript';
import type { Operation } from '../../vocabulary/operation.js';
import type { Flow } from './flow.js';
import { elementOf, ANY_ELEMENT, type Identity } from './identity.js';
import { elementValue } from './iteration.js';
import { holdLock, isHeld, isWaiting } from './locks.js';
import { runMutation, runTransaction } from './transactions.js';
import type { HeldLock } from './state.js';
import { UNKNOWN, type Entity, type Model, type Value } from './value.js';

/** The value of a call of one of the runtime's methods. */
export function evaluateOperation(
  flow: Flow,
  node: ts.CallExpression,
  operation: Operation,
): Value {
  evaluateReceiver(flow, node);
  const { model } = operation;
  switch (operation.name) {
    case 'ref':
      return makeRef(flow, node, model);
    case 'get':
      return readOne(flow, node, entityArgument(flow, node, 0, model));
    case 'findOne':
      return entityValue(queried(flow, node, model, queryIdentity(flow, node)));
    case 'find':
      return findMany(flow, node, model);
    case 'lock':
      return lockOne(flow, node, model);
    case 'lockMany':
      return lockMany(flow, node, model);
    case 'update':
    case 'delete':
      return write(flow, node, operation.name, entityArgument(flow, node, 0, model));
    case 'save':
      return save(flow, node, model);
    case 'mutate':
      return runMutation(flow, node, entityArgument(flow, node, 0, model));
    case 'transaction':
      return runTransaction(flow, node);
    case 'lockName':
      return lockName(flow, node);
    case 'subscribe':
      for (const argument of node.arguments) flow.callLater(flow.evaluate(argument), []);
      return UNKNOWN;
    case 'stream':
      return { ...UNKNOWN, isSignalStream: true };
    case 'emit':
    case 'close':
      for (const argument of node.arguments) flow.evaluate(argument);
      return UNKNOWN;
  }
}

function evaluateReceiver(flow: Flow, node: ts.CallExpression): void {
  const { ts } = flow.context;
  const callee = node.expression;
  if (ts.isPropertyAccessExpression(callee) && !ts.isIdentifier(callee.expression)) {
    flow.evaluate(callee.expression);
  }
}

/** The value of an entity. */
export function entityValue(entity: Entity): Value {
  return { ...UNKNOWN, identity: entity.identity, entity };
}

/** The entity that an argument is or names; a new name when nothing is known of it. */
function entityArgument(
  flow: Flow,
  node: ts.CallExpression,
  index: number,
  model: Model,
): Entity & { readonly value: Value } {
  const argument = node.arguments[index];
  const value = argument ? flow.evaluate(argument) : UNKNOWN;
  const known = argument ? flow.entityOf(value, argument) : null;
  const identity = known?.identity ?? value.identity ?? flow.fresh(argument ?? node);
  return {
    state: known?.state ?? 'ref',
    model: known?.model ?? model,
    identity: value.isOrdered === true ? { ...identity, ordered: true } : identity,
    site: known?.site ?? flow.site(argument ?? node),
    protectedBy: known?.protectedBy ?? null,
    ...(known?.lock && { lock: known.lock }),
    value,
  };
}

function makeRef(flow: Flow, node: ts.CallExpression, model: Model): Value {
  const { identity, site, value } = entityArgument(flow, node, 0, model);
  const ref: Entity = { state: 'ref', model, identity, site, protectedBy: null };
  return { ...entityValue(ref), reads: value.entity ? [] : value.reads };
}

/** A read without a lock, unless this transaction holds the lock of the very entity. */
function readOne(flow: Flow, node: ts.Node, { model, identity }: Entity): Value {
  return entityValue({
    state: 'persistent',
    model,
    identity,
    site: flow.site(node),
    protectedBy: isHeld(flow, model, identity) ? flow.scope : null,
  });
}

function queried(flow: Flow, node: ts.Node, model: Model, identity: Identity): Entity {
  return { state: 'persistent', model, identity, site: flow.site(node), protectedBy: null };
}

/** A name for what a query finds, with the constants that it was chosen by. */
function queryIdentity(flow: Flow, node: ts.CallExpression): Identity {
  const [where, ...options] = node.arguments;
  if (where) flow.evaluate(where);
  for (const option of options) flow.evaluate(option);
  const identity = flow.fresh(node);
  if (flow.held.length > 0) return { ...identity, isGuarded: true };
  const fields = where ? constantFields(flow, where) : [];
  return fields.length === 0
    ? identity
    : { ...identity, selection: { fields, node, path: flow.path } };
}

/** The fields of a `where` that are compared with a constant. */
function constantFields(flow: Flow, where: ts.Expression): readonly string[] {
  const { ts, checker } = flow.context;
  if (!ts.isObjectLiteralExpression(where)) return [];
  const fields: string[] = [];
  for (const property of where.properties) {
    if (!ts.isPropertyAssignment(property) || ts.isComputedPropertyName(property.name)) continue;
    const type = checker.getTypeAtLocation(property.initializer);
    if (type.flags & (ts.TypeFlags.Unit | ts.TypeFlags.Literal)) fields.push(property.name.text);
  }
  return fields;
}

function findMany(flow: Flow, node: ts.CallExpression, model: Model): Value {
  const identity: Identity = {
    ...queryIdentity(flow, node),
    ...(isOrderedById(flow, node.arguments[1]) && { ordered: true }),
  };
  const element = queried(flow, node, model, elementOf(identity, ANY_ELEMENT));
  return { ...UNKNOWN, identity, element: entityValue(element), isQueryResult: true };
}

function isOrderedById(flow: Flow, options: ts.Expression | undefined): boolean {
  const { ts } = flow.context;
  if (!options || !ts.isObjectLiteralExpression(options)) return false;
  return options.properties.some(
    (property) =>
      ts.isPropertyAssignment(property) &&
      property.name.getText() === 'orderBy' &&
      ts.isStringLiteralLike(property.initializer) &&
      property.initializer.text === 'id',
  );
}

function lockOne(flow: Flow, node: ts.CallExpression, model: Model): Value {
  const ref = entityArgument(flow, node, 0, model);
  const options = node.arguments[1];
  if (options) flow.evaluate(options);
  const lock = holdLock(flow, node, {
    operation: 'lock',
    model: ref.model,
    identity: ref.identity,
    isBlocking: isWaiting(flow, options),
    derivedFrom: ref.value.reads,
  });
  return {
    ...entityValue({
      state: 'locked',
      model: ref.model,
      identity: ref.identity,
      site: lock.site,
      lock,
      protectedBy: flow.scope,
    }),
    locks: [lock],
  };
}

function lockMany(flow: Flow, node: ts.CallExpression, model: Model): Value {
  const [argument] = node.arguments;
  const refs = argument ? flow.evaluate(argument) : UNKNOWN;
  const identity = refs.identity ?? flow.fresh(node);
  const lock = lockAll(flow, node, model, { ...refs, identity });
  const lockedAs = (ref: Value): Value =>
    entityValue({
      state: 'locked',
      model,
      identity: ref.entity?.identity ?? ref.identity ?? elementOf(identity, ANY_ELEMENT),
      site: flow.site(node),
      ...(lock && { lock }),
      protectedBy: flow.scope,
    });
  const properties =
    refs.properties && new Map([...refs.properties].map(([name, ref]) => [name, lockedAs(ref)]));
  return {
    ...UNKNOWN,
    identity: flow.fresh(node),
    properties,
    element: lockedAs(elementValue(refs)),
    locks: lock ? [lock] : [],
  };
}

/** Takes the locks of a list; none when this transaction has them all. */
function lockAll(
  flow: Flow,
  node: ts.CallExpression,
  model: Model,
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
    isBlocking: true,
    derivedFrom: refs.reads,
  });
}

function lockName(flow: Flow, node: ts.CallExpression): Value {
  const { ts } = flow.context;
  const [argument] = node.arguments;
  const value = argument ? flow.evaluate(argument) : UNKNOWN;
  const lock = holdLock(flow, node, {
    operation: 'lockName',
    model: null,
    identity: value.identity ?? flow.fresh(node),
    name: argument && ts.isStringLiteralLike(argument) ? argument.text : null,
    isBlocking: true,
    derivedFrom: value.reads,
  });
  return { ...UNKNOWN, locks: [lock] };
}

function write(
  flow: Flow,
  node: ts.CallExpression,
  operation: 'update' | 'delete',
  target: Entity,
): Value {
  const patchNode = node.arguments[1] ?? null;
  const patch = patchNode && flow.evaluate(patchNode);
  flow.facts.writes.push({
    operation,
    site: flow.site(node),
    target,
    patch: patch && patchNode && flow.copyOf(patch, patchNode),
    patchNode,
    conditions: flow.conditions,
    held: flow.held,
    scope: flow.scope,
  });
  return entityValue({
    state: 'persistent',
    model: target.model,
    identity: target.identity,
    site: flow.site(node),
    protectedBy: flow.scope,
  });
}

function save(flow: Flow, node: ts.CallExpression, model: Model): Value {
  const { value, ...target } = entityArgument(flow, node, 0, model);
  if (target.state !== 'locked') {
    flow.facts.writes.push({
      operation: 'insert',
      site: flow.site(node),
      target: { ...target, model },
      patch: value,
      patchNode: node.arguments[0] ?? null,
      conditions: flow.conditions,
      held: flow.held,
      scope: flow.scope,
    });
  }
  return entityValue({
    state: 'persistent',
    model,
    identity: target.identity,
    site: flow.site(node),
    protectedBy: flow.scope,
  });
}
