import type ts from 'typescript';
import type { FunctionWithBody } from '../../program/callee.js';
import type { Flow } from './flow.js';
import { ANY_ELEMENT, elementOf, propertyOf } from './identity.js';
import { getRelatedRows, isCounts } from '../../vocabulary/effects.js';
import { elementValue } from './iteration.js';
import { entryOf } from './map-entries.js';
import { UNKNOWN, withChoices, withReads, type Entity, type Read, type Value } from './value.js';

/** `base.name` */
export function readProperty(
  flow: Flow,
  node: ts.Expression & { readonly expression: ts.Expression },
  base: Value,
  name: ts.MemberName,
): Value {
  const entity = flow.entityOf(base);
  if (entity) return readField(flow, node, base, entity, name);
  return readPlainProperty(flow, base, name.text);
}

/** A property of an object that is no entity. */
export function readPlainProperty(flow: Flow, base: Value, name: string): Value {
  if ((name === 'length' || name === 'rowCount') && base.isQueryResult === true) {
    return readLength(base);
  }
  if (name === 'length' && base.lengthOf) {
    return { ...UNKNOWN, reads: [...base.reads, base.lengthOf], choices: base.choices };
  }
  // What `pg` returns has its rows in a property.
  if (name === 'rows' && base.isQueryResult === true) return base;
  if (base.countsOf) return readCount(flow, base.countsOf, name);
  const known = base.properties?.get(name);
  if (known) return withChoices(withReads(known, base.reads), base.choices);
  const identity = base.identity && propertyOf(base.identity, name);
  const assigned = identity && flow.environment.get(identity.key);
  if (assigned) return withChoices(assigned, base.choices);
  if (identity === null && base.reads.length === 0 && base.choices.length === 0) return UNKNOWN;
  return { ...UNKNOWN, identity, reads: base.reads, choices: base.choices };
}

/** `base[…]` */
export function readElement(flow: Flow, node: ts.ElementAccessExpression, base: Value): Value {
  const { ts } = flow.context;
  const argument = node.argumentExpression;
  const index = flow.evaluate(argument);
  if (ts.isStringLiteralLike(argument)) {
    const entity = flow.entityOf(base);
    return entity
      ? readEntityField(flow, entity, argument.text)
      : readPlainProperty(flow, base, argument.text);
  }
  const entity = base.element || base.properties ? null : flow.entityOf(base);
  if (entity) return readEntityField(flow, entity, '*');
  if (base.isMap === true) return entryOf(base, index);
  if (ts.isNumericLiteral(argument)) return elementAt(base, argument.text);
  return withReads(elementAt(base, index.identity?.key ?? '*', node), index.reads);
}

/** One element of an array, by an index or by whatever else names it. */
export function elementAt(base: Value, accessor: string, node?: ts.Node): Value {
  const known = base.properties?.get(accessor);
  if (known) return withReads(known, base.reads);
  const element = withChoices(elementValue(base), base.choices);
  const collection = element.identity?.element?.collection;
  if (!element.identity || collection === undefined) return element;
  const identity = elementOf({ ...element.identity, key: collection }, accessor, node);
  return {
    ...element,
    identity,
    entity: element.entity && { ...element.entity, identity },
  };
}

/** The length of a query's result: a question about the table, not about one entity. */
function readLength(base: Value): Value {
  const read = lengthOf(base);
  if (!read) return UNKNOWN;
  return { ...UNKNOWN, reads: [...base.reads, read], choices: base.choices };
}

/** How many rows a query found, as a question about the table. */
export function lengthOf(base: Value): Read | null {
  const entity = base.element?.entity;
  if (base.lengthOf) return base.lengthOf;
  if (!entity || !base.identity || base.isQueryResult !== true) return null;
  return {
    model: entity.model,
    identity: base.identity,
    field: 'length',
    site: entity.site,
    protectedBy: entity.protectedBy,
    lockedNames: entity.lockedNames,
    asked: 'existence',
  };
}

function readField(
  flow: Flow,
  node: ts.Expression,
  base: Value,
  entity: Entity,
  name: ts.MemberName,
): Value {
  if (name.text === entity.idField) return { ...UNKNOWN, identity: entity.identity };
  if (entity.state === 'ref') return UNKNOWN;
  const getter = getAccessor(flow, name);
  if (getter) {
    const value = flow.call(getter, { call: node, args: [], thisValue: { ...base, entity } });
    if (value.reads.length > 0) return value;
  }
  return readEntityField(flow, entity, name.text);
}

function getAccessor(flow: Flow, name: ts.MemberName): FunctionWithBody | null {
  const { ts, checker } = flow.context;
  const declaration = checker.getSymbolAtLocation(name)?.declarations?.[0];
  if (!declaration || !ts.isGetAccessorDeclaration(declaration) || !declaration.body) return null;
  return declaration as FunctionWithBody;
}

/** Rows of another model that were read along with an entity: no lock of the entity protects them. */
function readRelated(flow: Flow, entity: Entity, field: string): Value | null {
  const { model, idField, isList, heldBy } =
    getRelatedRows(flow.context, entity.model, field) ?? NO_ROWS;
  if (model === null) return null;
  const identity = propertyOf(entity.identity, heldBy ?? field);
  const related: Entity = {
    state: 'persistent',
    model,
    identity: isList ? elementOf(identity, ANY_ELEMENT) : identity,
    idField,
    site: entity.site,
    protectedBy: entity.state === 'locked' ? null : entity.protectedBy,
    lockedNames: entity.lockedNames,
  };
  const value: Value = { ...UNKNOWN, identity: related.identity, entity: related };
  if (!isList) return value;
  // Such a list is stored with its owner: rows that are not in it any more are detached.
  const isStored = entity.model?.startsWith('typeorm:') === true;
  const reads = isStored ? [readOf(entity, field)] : [];
  return { ...UNKNOWN, identity, element: value, reads, isQueryResult: true };
}

/** How many rows of a relation there are. */
function readCount(flow: Flow, entity: Entity, field: string): Value {
  const related = getRelatedRows(flow.context, entity.model, field);
  if (!related) return UNKNOWN;
  const { model } = related;
  const identity = propertyOf(entity.identity, field);
  const { site, protectedBy, lockedNames } = entity;
  const read: Read = { model, identity, field: 'length', site, protectedBy, lockedNames };
  return { ...UNKNOWN, reads: [read] };
}

const NO_ROWS = { model: null, idField: 'id', isList: false, heldBy: null };

/** Data of an entity, or `UNKNOWN` for what is no data. */
export function readEntityField(flow: Flow, entity: Entity, field: string): Value {
  if (field === entity.idField) return { ...UNKNOWN, identity: entity.identity };
  if (entity.state === 'ref') return UNKNOWN;
  if (isCounts(entity.model, field)) return { ...UNKNOWN, countsOf: entity };
  const related = readRelated(flow, entity, field);
  if (related) return related;
  return {
    ...UNKNOWN,
    identity: propertyOf(entity.identity, field),
    reads: [readOf(entity, field)],
  };
}

function readOf(entity: Entity, field: string): Read {
  const { model, identity, site, protectedBy, lockedNames } = entity;
  return { model, identity, field, site, protectedBy, lockedNames };
}

/** What flows on when the whole value is copied, passed to unknown code or printed. */
export function copyOf(flow: Flow, value: Value): Value {
  const entity = flow.entityOf(value);
  if (!entity || entity.state === 'ref') return value;
  return withReads(value, [readOf(entity, '*')]);
}
