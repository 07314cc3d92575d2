import type { Effect, EffectNode, ReadEffect } from '../../vocabulary/effect.js';
import { closeEffect, flush, reload, store } from './entity-effects.js';
import type { Flow } from './flow.js';
import { ANY_ELEMENT, elementOf, type Identity } from './identity.js';
import { isHeld, lockName, lockRows } from './locks.js';
import { entityValue, selectRows, type SelectedRows } from './rows.js';
import { runMutation, runTransaction } from './transactions.js';
import { UNKNOWN, type Entity, type Read, type Value } from './value.js';
import { insert, write } from './writes.js';

/** The value of a call that has an effect, and what the effect leaves behind. */
export function evaluateEffect(flow: Flow, node: EffectNode, effect: Effect): Value {
  if (effect.kind === 'sequence') {
    let last = UNKNOWN;
    for (const one of effect.effects) last = evaluateEffect(flow, node, one);
    return last;
  }
  if (effect.kind === 'open') return evaluateEffect(flow, node, closeEffect(flow, effect));
  for (const other of effect.others) flow.evaluate(other);
  switch (effect.kind) {
    case 'ref': {
      const { value, ...entity } = selectRows(flow, node, effect);
      const ref: Entity = { ...entity, state: 'ref', model: effect.model, protectedBy: null };
      return { ...entityValue(ref), reads: value.entity ? [] : value.reads };
    }
    case 'read':
      return read(flow, node, effect, selectRows(flow, node, effect));
    case 'lock':
      return lockRows(flow, node, effect);
    case 'lock name':
      return lockName(flow, node, effect);
    case 'write':
      return write(flow, node, effect);
    case 'store':
      return store(flow, node, effect);
    case 'flush':
      return flush(flow, node, effect);
    case 'reload':
      return reload(flow, node, effect);
    case 'insert':
      return insert(flow, node, effect);
    case 'mutate':
      return runMutation(flow, node, effect);
    case 'transaction':
      return runTransaction(flow, node, effect);
    case 'subscribe':
      for (const callback of effect.callbacks) flow.callLater(flow.evaluate(callback), []);
      return UNKNOWN;
    case 'stream':
      return { ...UNKNOWN, isSignalStream: true };
    case 'emit':
      return UNKNOWN;
  }
}

/** A read without a lock, unless this transaction holds the lock of the very entity, or reads from a snapshot. */
function read(flow: Flow, node: EffectNode, effect: ReadEffect, rows: SelectedRows): Value {
  const { model, idField } = rows;
  const isOrdered = effect.order.length === 1 && effect.order[0] === idField;
  const identity: Identity = { ...rows.identity, ...(isOrdered && { ordered: true }) };
  const found: Entity = {
    state: 'persistent',
    model,
    identity:
      effect.result === 'one' || rows.isUnique ? identity : elementOf(identity, ANY_ELEMENT),
    idField,
    site: flow.site(node),
    protectedBy: isProtected(flow, rows) ? flow.scope : null,
    lockedNames: flow.lockedNames,
  };
  if (effect.result === 'one') return entityValue(found);
  if (effect.result === 'many') {
    return { ...UNKNOWN, identity, element: entityValue(found), isQueryResult: true };
  }
  const number: Read = {
    model,
    identity,
    field: effect.result === 'count' ? 'length' : '*',
    site: found.site,
    protectedBy: found.protectedBy,
    lockedNames: found.lockedNames,
  };
  return { ...UNKNOWN, identity: flow.fresh(node), reads: [number] };
}

function isProtected(flow: Flow, { model, identity }: SelectedRows): boolean {
  return flow.scope.isolation !== 'read committed' || isHeld(flow, model, identity);
}
