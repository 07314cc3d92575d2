import type ts from 'typescript';
import type { Flow } from './flow.js';
import { holdLock } from './locks.js';
import { UNKNOWN, type Entity, type Value } from './value.js';

/** `store.transaction(work)`: locks taken inside end with it, unless it joins an outer one. */
export function runTransaction(flow: Flow, node: ts.CallExpression): Value {
  const [work, ...options] = node.arguments;
  const callback = work ? flow.evaluate(work) : UNKNOWN;
  for (const option of options) flow.evaluate(option);
  return inTransaction(flow, node, () => {
    return flow.callValue(callback, { call: node, args: [], kind: 'awaited' }) ?? UNKNOWN;
  });
}

/** `repository.mutate(ref, change)`: a lock, a change and a write as one. */
export function runMutation(flow: Flow, node: ts.CallExpression, ref: Entity): Value {
  const change = node.arguments[1];
  const callback = change ? flow.evaluate(change) : UNKNOWN;
  return inTransaction(flow, node, () => {
    const lock = holdLock(flow, node, {
      operation: 'mutate',
      model: ref.model,
      identity: ref.identity,
      isBlocking: true,
      derivedFrom: [],
    });
    const target: Entity = {
      ...ref,
      state: 'locked',
      site: lock.site,
      lock,
      protectedBy: flow.scope,
    };
    const { conditions } = flow;
    const patch = flow.callValue(callback, {
      call: node,
      args: [{ ...UNKNOWN, identity: ref.identity, entity: target }],
      kind: 'awaited',
    });
    flow.facts.writes.push({
      operation: 'mutate',
      site: flow.site(node),
      target,
      patch: patch && change ? flow.copyOf(patch, change) : patch,
      patchNode: change ?? null,
      conditions: flow.conditions,
      held: flow.held,
      scope: flow.scope,
    });
    flow.conditions = conditions;
    const stored: Entity = {
      state: 'persistent',
      model: ref.model,
      identity: ref.identity,
      site: lock.site,
      protectedBy: flow.scope,
    };
    return { ...UNKNOWN, identity: ref.identity, entity: stored };
  });
}

function inTransaction(flow: Flow, node: ts.Node, run: () => Value): Value {
  const { held, scope } = flow;
  const isNested = !scope.isAmbient || held.length > 0;
  if (isNested) return run();
  flow.scope = { node, path: flow.path, isAmbient: false };
  const value = run();
  flow.scope = scope;
  flow.held = held;
  return value;
}
