import type ts from 'typescript';
import type { EffectNode, Model, Rows, Where } from '../../vocabulary/effect.js';
import type { Guard } from './facts.js';
import { isWrittenConstant } from '../../program/constants.js';
import type { Flow } from './flow.js';
import type { Identity } from './identity.js';
import { isForeign } from '../../vocabulary/model-name.js';
import { UNKNOWN, type Entity, type Value } from './value.js';

/** The rows that an effect is about. */
export interface SelectedRows extends Entity {
  /** What named them. */
  readonly value: Value;
  /** What else they have to be like. */
  readonly guards: readonly Guard[];
  /** Set where it can only be one row, whatever the call returns. */
  readonly isUnique: boolean;
}

interface RowsOfModel {
  readonly model: Model;
  readonly rows: Rows;
}

/** The value of an entity. */
export function entityValue(entity: Entity): Value {
  return { ...UNKNOWN, identity: entity.identity, entity };
}

/** Which rows an effect is about: the entity that its argument is or names, or what meets its conditions. */
export function selectRows(
  flow: Flow,
  node: EffectNode,
  { model, rows }: RowsOfModel,
): SelectedRows {
  return rows.kind === 'named'
    ? nameRow(flow, rows.node, node, model)
    : findRows(flow, node, rows.where, model);
}

/** The entity that an argument is or names; a new name when nothing is known of it. */
function nameRow(
  flow: Flow,
  argument: ts.Expression | null,
  node: EffectNode,
  model: Model,
): SelectedRows {
  const value = argument ? flow.evaluate(argument) : UNKNOWN;
  const known = flow.entityOf(value);
  const identity = known?.identity ?? value.identity ?? flow.fresh(argument ?? node);
  return {
    state: known?.state ?? 'ref',
    model: known?.model ?? model,
    identity: value.isOrdered === true ? { ...identity, ordered: true } : identity,
    idField: known?.idField ?? 'id',
    site: known?.site ?? flow.site(argument ?? node),
    protectedBy: known?.protectedBy ?? null,
    lockedNames: known?.lockedNames ?? [],
    ...(known?.lock && { lock: known.lock }),
    value,
    guards: [],
    isUnique: false,
  };
}

function findRows(flow: Flow, node: EffectNode, where: Where, model: Model): SelectedRows {
  const { keys, idField } = where;
  const guards = where.conditions.map(({ field, comparison, value, literal }): Guard => ({
    field,
    comparison,
    value: value ? flow.evaluate(value) : constantValue(literal),
  }));
  for (const part of where.rest) {
    const given = flow.evaluate(part);
    if (!isWrittenOut(flow, part)) guards.push(...givenConditions(given));
  }
  const key = keys.find((fields) => fields.every((field) => guards.some(isEqualIn(field))));
  const values = key?.map((field) => guards.find(isEqualIn(field))?.value);
  const named = key && values ? nameByKey(model, key, values, idField) : null;
  const known =
    named && isForeign(model)
      ? withSelection(flow, node, where, { ...named, query: queryOf(guards) })
      : named;
  return {
    state: 'ref',
    model,
    identity: known ?? nameByQuery(flow, node, model, where, guards),
    idField,
    site: flow.site(node),
    protectedBy: null,
    lockedNames: [],
    value: UNKNOWN,
    isUnique: known !== null,
    guards: known ? guards.filter(({ field }) => key?.includes(field) !== true) : guards,
  };
}

/** A constant that a statement in SQL has in it. */
export function constantValue(literal: string | undefined): Value {
  if (literal === undefined) return UNKNOWN;
  return { ...UNKNOWN, identity: { key: JSON.stringify(literal), origins: [] } };
}

function isEqualIn(field: string): (guard: Guard) => boolean {
  return (guard) =>
    guard.field === field && guard.comparison === 'equal' && guard.value !== UNKNOWN;
}

/** Whether a part of a condition, such as that of an `OR`, is written there: then it holds for no field by itself. */
function isWrittenOut({ context: { ts } }: Flow, part: ts.Expression): boolean {
  return ts.isObjectLiteralExpression(part) || ts.isArrayLiteralExpression(part);
}

/** The conditions of an object that was handed in: each of its fields is equal to what it holds. */
function givenConditions({ properties }: Value): readonly Guard[] {
  return [...(properties ?? [])].map(([field, value]) => ({ field, comparison: 'equal', value }));
}

/** The name of the row with these values: the one that the values were read from, if they are its own. */
function nameByKey(
  model: Model,
  key: readonly string[],
  values: readonly (Value | undefined)[],
  idField: string,
): Identity | null {
  const names = values.flatMap((value) => (value?.identity ? [value.identity] : []));
  const [first] = names;
  if (!first || names.length < key.length) return null;
  if (key.length === 1 && key[0] === idField) return withSources(first, model, idField, values);
  const owner = first.owner;
  const isOwn = (name: Identity, index: number) =>
    name.owner?.of.key === owner?.of.key && name.owner?.property === key[index];
  if (owner && names.every(isOwn)) return owner.of;
  const pairs = key.map((field, index) => `${field}=${names[index]?.key ?? ''}`);
  return {
    key: `${model ?? ''}{${pairs.join()}}`,
    origins: names.flatMap(({ origins }) => origins),
  };
}

/** A name that was computed from rows of the very table is that of one of them. */
function withSources(
  name: Identity,
  model: Model,
  idField: string,
  values: readonly (Value | undefined)[],
): Identity {
  if (!isForeign(model)) return name;
  const sources = values.flatMap((value) =>
    (value?.reads ?? []).flatMap((read) =>
      read.model === model && (read.field === '*' || read.field === idField) ? [read.identity] : [],
    ),
  );
  return sources.length === 0 ? name : { ...name, sources };
}

/** The row that was found before, where a write looks for it by what it has in a field. */
export function ownRow(model: Model, guards: readonly Guard[]): Identity | null {
  if (!isForeign(model)) return null;
  for (const { field, comparison, value } of guards) {
    const owner = value.identity?.owner;
    if (comparison === 'equal' && owner?.property === field) return owner.of;
  }
  return null;
}

/** A name for what a query finds, with the constants that it was chosen by. */
function nameByQuery(
  flow: Flow,
  node: EffectNode,
  model: Model,
  { conditions }: Where,
  guards: readonly Guard[],
): Identity {
  const query = queryOf(guards);
  const identity: Identity = {
    ...flow.fresh(node),
    query,
    ...(isForeign(model) && { lookup: namedIn(query) }),
  };
  if (flow.held.length > 0 || flow.lockedNames.length > 0) return { ...identity, isGuarded: true };
  return withSelection(flow, node, { conditions }, identity);
}

/** The fields that rows were looked for by, with the names of what they had to be equal to. */
function queryOf(guards: readonly Guard[]): ReadonlyMap<string, string | null> {
  return new Map(
    guards.map(({ field, comparison, value }) => [
      field,
      comparison === 'equal' ? (value.identity?.key ?? null) : null,
    ]),
  );
}

function namedIn(query: ReadonlyMap<string, string | null>): ReadonlyMap<string, string> {
  return new Map([...query].flatMap(([field, name]) => (name === null ? [] : [[field, name]])));
}

/** A name with the constants that what it names was chosen by. */
function withSelection(
  flow: Flow,
  node: EffectNode,
  { conditions }: Pick<Where, 'conditions'>,
  identity: Identity,
): Identity {
  if (flow.held.length > 0 || flow.lockedNames.length > 0) return identity;
  const fields = conditions.flatMap(({ field, comparison, value, literal }) => {
    const isChosen = comparison === 'equal' || comparison === 'one of';
    const isFixed = literal !== undefined || (value !== null && isConstant(flow, value));
    return isChosen && isFixed ? [field] : [];
  });
  return fields.length === 0
    ? identity
    : { ...identity, selection: { fields, node, path: flow.path } };
}

function isConstant(flow: Flow, value: ts.Expression): boolean {
  if (isWrittenConstant(flow.context, value)) return true;
  if (flow.context.ts.isArrayLiteralExpression(value)) {
    return value.elements.length > 0 && value.elements.every((one) => isConstant(flow, one));
  }
  const { ts, checker } = flow.context;
  const { flags } = checker.getTypeAtLocation(value);
  return (flags & (ts.TypeFlags.Unit | ts.TypeFlags.Literal)) !== 0;
}
