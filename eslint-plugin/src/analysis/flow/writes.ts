import type ts from 'typescript';
import type {
  EffectNode,
  FieldPatch,
  InsertEffect,
  Patch,
  WriteEffect,
} from '../../vocabulary/effect.js';
import { isConflictHandled } from '../../vocabulary/effects.js';
import { isForeign } from '../../vocabulary/model-name.js';
import type { WriteFact } from './facts.js';
import type { Flow } from './flow.js';
import { constantValue, entityValue, ownRow, selectRows } from './rows.js';
import { UNKNOWN, type Entity, type Value } from './value.js';

/** Changes or deletes what is there. */
export function write(flow: Flow, node: EffectNode, effect: WriteEffect): Value {
  const { guards, value: _, ...selected } = selectRows(flow, node, effect);
  const own = selected.isUnique ? null : ownRow(effect.model, guards);
  const target = own ? { ...selected, identity: own } : selected;
  const patch = effect.patch && evaluatePatch(flow, effect.patch, target);
  flow.facts.writes.push({
    operation: effect.operation,
    sequence: flow.facts.writes.length,
    site: flow.site(node),
    target,
    patch,
    patchNode: effect.patch && effect.patch.kind !== 'fields' ? effect.patch.node : null,
    atomic: effect.patch ? atomicFields(effect.patch) : [],
    guards,
    outcome: effect.outcome,
    isConflictHandled: isHandled(flow, node),
    keys: effect.keys ?? null,
    conditions: flow.conditions,
    held: flow.held,
    lockedNames: flow.lockedNames,
    scope: flow.scope,
  });
  return entityValue(stored(flow, node, target));
}

/** The row as this transaction wrote it: until it ends, nobody else changes it. */
export function stored(flow: Flow, node: EffectNode, { model, identity, idField }: Entity): Entity {
  return {
    state: 'persistent',
    model,
    identity,
    idField,
    site: flow.site(node),
    protectedBy: flow.scope,
    lockedNames: flow.lockedNames,
  };
}

/** Notes a write that has no conditions of its own. */
export function noteWrite(
  flow: Flow,
  node: EffectNode,
  fact: Pick<WriteFact, 'operation' | 'target' | 'patch' | 'patchNode' | 'outcome' | 'keys'>,
): void {
  flow.facts.writes.push({
    ...fact,
    sequence: flow.facts.writes.length,
    site: flow.site(node),
    atomic: [],
    guards: [],
    isConflictHandled: isHandled(flow, node),
    conditions: flow.conditions,
    held: flow.held,
    lockedNames: flow.lockedNames,
    scope: flow.scope,
  });
}

function atomicFields(patch: Patch): readonly string[] {
  if (patch.kind === 'object') return patch.atomic;
  if (patch.kind !== 'fields') return [];
  const computed = patch.fields.filter(
    ({ value, literal }) => value === null && literal === undefined,
  );
  return computed.map(({ field }) => field);
}

function evaluatePatch(flow: Flow, patch: Patch, target: Entity): Value {
  if (patch.kind === 'fields') return evaluateFields(flow, patch.fields);
  const value = flow.evaluate(patch.node);
  if (patch.kind !== 'assigned') return withAssigned(flow, flow.copyOf(value));
  return { ...UNKNOWN, properties: flow.environment.propertiesOf(target.identity.key) };
}

/** A row that is written whole: what was assigned to it since it was read is known field by field. */
function withAssigned(flow: Flow, value: Value): Value {
  const { entity } = value;
  if (!entity || !isForeign(entity.model)) return value;
  return { ...value, properties: flow.environment.propertiesOf(entity.identity.key) };
}

function evaluateFields(flow: Flow, fields: readonly FieldPatch[]): Value {
  const written = fields.map(
    ({ field, value, literal }) =>
      [field, value ? flow.copyOf(flow.evaluate(value)) : constantValue(literal)] as const,
  );
  return { ...UNKNOWN, properties: new Map(written) };
}

/** Whether the error of a taken key is handled here, or where this was called. */
function isHandled(flow: Flow, node: EffectNode): boolean {
  return [node, ...flow.path].some((place) => isConflictHandled(flow.context, place));
}

/** Stores what is new; a locked entity is there already. */
export function insert(flow: Flow, node: EffectNode, effect: InsertEffect): Value {
  const { data, model } = effect;
  const rows = selectRows(flow, node, { model, rows: { kind: 'named', node: data } });
  const { value, guards, ...entity } = rows;
  const target: Entity = { ...entity, model: model ?? entity.model };
  const { fields } = effect;
  const patch = fields ? evaluateFields(flow, fields) : value;
  if (target.state !== 'locked') noteInsert(flow, node, effect, target, patch, data);
  return entityValue({ ...stored(flow, node, target), isMade: true });
}

function noteInsert(
  flow: Flow,
  node: EffectNode,
  { conflict, keys }: InsertEffect,
  target: Entity,
  patch: Value,
  patchNode: ts.Expression | null,
): void {
  flow.facts.writes.push({
    operation: 'insert',
    sequence: flow.facts.writes.length,
    site: flow.site(node),
    target,
    patch,
    patchNode,
    atomic: [],
    guards: [],
    outcome: conflict === 'ignores' ? 'row' : 'throws',
    isConflictHandled: conflict !== 'throws' || isHandled(flow, node),
    settlesConflict: conflict !== 'throws',
    keys: keys ?? null,
    conditions: flow.conditions,
    held: flow.held,
    lockedNames: flow.lockedNames,
    scope: flow.scope,
  });
}
