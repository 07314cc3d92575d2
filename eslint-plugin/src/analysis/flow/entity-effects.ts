import type {
  Effect,
  EffectNode,
  FlushEffect,
  OpenEffect,
  ReloadEffect,
  StoreEffect,
} from '../../vocabulary/effect.js';
import type { Flow } from './flow.js';
import { holdLock } from './locks.js';
import { getOpenModel } from './open-models.js';
import { entityValue } from './rows.js';
import { UNKNOWN, unionReads, type Entity, type Value } from './value.js';
import { noteWrite, stored } from './writes.js';

/** Whether a call that only its values tell from any other is the effect that it looks like. */
export function isMeant(flow: Flow, effect: Effect): boolean {
  switch (effect.kind) {
    case 'open':
      return getOpenModel(flow, effect) !== null;
    case 'reload':
      return isOfLibrary(flow.evaluate(effect.entity), effect.library);
    case 'store':
      return (
        effect.library === undefined || isOfLibrary(flow.evaluate(effect.entity), effect.library)
      );
    case 'write': {
      if (effect.library === undefined || effect.rows.kind !== 'named') return true;
      const { node } = effect.rows;
      return node !== null && isOfLibrary(flow.evaluate(node), effect.library);
    }
    default:
      return true;
  }
}

function isOfLibrary({ entity }: Value, library: string): boolean {
  return entity?.model?.startsWith(`${library}:`) === true;
}

/** The effect on the model that its owner names. */
export function closeEffect(flow: Flow, effect: OpenEffect): Effect {
  return withModel(effect.effect, getOpenModel(flow, effect) ?? '');
}

function withModel(effect: Effect, model: string): Effect {
  if (effect.kind === 'sequence') {
    return { ...effect, effects: effect.effects.map((one) => withModel(one, model)) };
  }
  return 'model' in effect && effect.model === '' ? { ...effect, model } : effect;
}

/** What was assigned to an entity goes into its row; an object that is no row yet becomes one. */
export function store(flow: Flow, node: EffectNode, effect: StoreEffect): Value {
  const value = flow.evaluate(effect.entity);
  const entity = value.entity ?? value.element?.entity ?? null;
  const isRow = entity !== null && entity.state !== 'ref';
  if (isRow) {
    const assigned = flow.environment.propertiesOf(entity.identity.key);
    noteWrite(flow, node, {
      operation: 'update',
      target: entity,
      patch: { ...UNKNOWN, properties: assigned, reads: unionReads(value.reads, value.choices) },
      patchNode: null,
      outcome: 'nothing',
    });
    return { ...value, entity: stored(flow, node, entity) };
  }
  const model = entity?.model ?? effect.model;
  if (model === null) return value;
  const identity = value.identity ?? flow.fresh(node);
  const made: Entity = {
    state: 'persistent',
    model,
    identity,
    idField: 'id',
    site: flow.site(node),
    protectedBy: flow.scope,
    lockedNames: flow.lockedNames,
    isMade: true,
  };
  const properties = new Map([
    ...(value.properties ?? []),
    ...flow.environment.propertiesOf(identity.key),
  ]);
  noteWrite(flow, node, {
    operation: 'insert',
    target: made,
    patch: { ...value, properties: properties.size > 0 ? properties : value.properties },
    patchNode: effect.entity,
    outcome: 'throws',
    keys: effect.keys ?? null,
  });
  return entityValue(made);
}

/** Every entity of a library that something was assigned to goes into its row. */
export function flush(flow: Flow, node: EffectNode, { library }: FlushEffect): Value {
  for (const value of flow.environment.values()) {
    const { entity } = value;
    if (!entity || entity.state === 'ref' || !isOfLibrary(value, library)) continue;
    const properties = flow.environment.propertiesOf(entity.identity.key);
    if (properties.size === 0) continue;
    const patch = { ...UNKNOWN, properties, reads: value.reads };
    noteWrite(flow, node, {
      operation: 'update',
      target: entity,
      patch,
      patchNode: null,
      outcome: 'nothing',
    });
  }
  return UNKNOWN;
}

/** The entity as its row is by now. */
export function reload(flow: Flow, node: EffectNode, effect: ReloadEffect): Value {
  const value = flow.evaluate(effect.entity);
  const { entity } = value;
  if (!entity) return value;
  const isLocking = effect.options?.getText().includes('lock') === true;
  const lock = isLocking
    ? holdLock(flow, node, {
        operation: 'lock',
        model: entity.model,
        identity: entity.identity,
        isBlocking: true,
        derivedFrom: [],
      })
    : null;
  const reloaded: Value = {
    ...value,
    reads: [],
    choices: [],
    entity: {
      ...entity,
      site: flow.site(node),
      protectedBy: lock ? flow.scope : null,
      ...(lock && { state: 'locked', lock }),
    },
  };
  flow.assign(effect.entity, reloaded);
  return reloaded;
}
