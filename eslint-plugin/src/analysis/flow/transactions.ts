import type { EffectNode, MutateEffect, TransactionEffect } from '../../vocabulary/effect.js';
import type { Flow } from './flow.js';
import { holdLock } from './locks.js';
import { selectRows } from './rows.js';
import type { TransactionScope } from './state.js';
import { UNKNOWN, type Entity, type Value } from './value.js';

/** Runs a transaction's work: locks taken inside end with it, unless it joins an outer one. */
export function runTransaction(flow: Flow, node: EffectNode, effect: TransactionEffect): Value {
  const { work, isolation } = effect;
  const callback = work ? flow.evaluate(work) : UNKNOWN;
  return inTransaction(flow, node, isolation, () => {
    return flow.callValue(callback, { call: node, args: [], kind: 'awaited' }) ?? UNKNOWN;
  });
}

/** A lock, a change and a write as one. */
export function runMutation(flow: Flow, node: EffectNode, effect: MutateEffect): Value {
  const { value: _, guards, ...row } = selectRows(flow, node, effect);
  const { model, identity, idField } = row;
  const { change } = effect;
  const callback = change ? flow.evaluate(change) : UNKNOWN;
  return inTransaction(flow, node, 'read committed', () => {
    const lock = holdLock(flow, node, {
      operation: 'mutate',
      model,
      identity,
      isBlocking: true,
      derivedFrom: [],
    });
    const { site } = lock;
    const target: Entity = { ...row, state: 'locked', site, lock, protectedBy: flow.scope };
    flow.within({ conditions: flow.conditions }, () => {
      const patch = flow.callValue(callback, {
        call: node,
        args: [{ ...UNKNOWN, identity, entity: target }],
        kind: 'awaited',
      });
      flow.facts.writes.push({
        operation: 'mutate',
        sequence: flow.facts.writes.length,
        site: flow.site(node),
        target,
        patch: patch && flow.copyOf(patch),
        patchNode: change,
        atomic: [],
        guards,
        outcome: 'throws',
        isConflictHandled: false,
        conditions: flow.conditions,
        held: flow.held,
        lockedNames: flow.lockedNames,
        scope: flow.scope,
      });
    });
    const entity: Entity = {
      state: 'persistent',
      model,
      identity,
      idField,
      site,
      protectedBy: flow.scope,
      lockedNames: flow.lockedNames,
    };
    return { ...UNKNOWN, identity, entity };
  });
}

function inTransaction(
  flow: Flow,
  node: EffectNode,
  isolation: TransactionScope['isolation'],
  run: () => Value,
): Value {
  const { held, lockedNames, path, scope } = flow;
  const isNested = !scope.isAmbient || held.length > 0;
  if (isNested) return run();
  return flow.within(
    { scope: { node, path, isAmbient: false, isolation }, held, lockedNames },
    run,
  );
}
