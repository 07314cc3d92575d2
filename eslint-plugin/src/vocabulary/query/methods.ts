import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { idFieldOf } from '../../schema/primary-key.js';
import type { Effect, InsertEffect, Outcome, ReadEffect } from '../effect.js';
import { getOption, getOptions } from '../object-options.js';
import { noConditions, type Conditions } from './conditions.js';
import { getObjectConditions } from './object-conditions.js';
import { toEffect, type Table } from './query.js';
import { toPatch } from './written-data.js';

/** Where a part of a query stands in a call: `1` is its second argument, `0.where` an option of its first one. */
export type Place = `${number}` | `${number}.${string}`;

/** What a method of a library does, and where it takes the parts of its query from. */
export interface Method {
  readonly operation: 'read' | 'update' | 'delete' | 'insert' | 'upsert';
  readonly result?: ReadEffect['result'];
  /** The conditions as an object. */
  readonly where?: Place;
  /** The key of the row. */
  readonly key?: Place;
  readonly data?: Place;
  /** What is inserted, where that is not what is written into a row that is there. */
  readonly inserted?: Place;
  readonly order?: Place;
  /** An option that makes a read lock what it finds. */
  readonly lock?: Place;
  readonly outcome?: Outcome;
  readonly conflict?: InsertEffect['conflict'];
  /** An option with which rows whose key is taken are left out. */
  readonly ignores?: Place;
  /** What is written is computed by the database. */
  readonly isAtomic?: boolean;
}

/** What a call of such a method does. */
export function callEffect(
  context: ProgramContext,
  args: readonly ts.Expression[],
  method: Method,
  table: Table,
): Effect {
  const at = (place: Place | undefined) =>
    place === undefined ? null : partAt(context, args, place);
  const rows = rowsOf(context, method, table, at);
  const others = unread(context, args, method);
  const data = at(method.data);
  const conflict = at(method.ignores) ? 'ignores' : (method.conflict ?? 'throws');
  const patch = method.isAtomic === true ? null : toPatch(context, data);
  const outcome = method.outcome ?? 'count';
  switch (method.operation) {
    case 'read': {
      const order = getOrder(context, at(method.order));
      const lock = isLocking(context, at(method.lock)) ? 'waits' : null;
      const result = method.result ?? 'many';
      return toEffect({ operation: 'read', table, rows, result, order, lock }, others);
    }
    case 'update':
    case 'delete':
      return toEffect({ operation: method.operation, table, rows, patch, outcome }, others);
    case 'insert':
      return toEffect(
        { operation: 'insert', table, data: data ?? args[0] ?? null, conflict },
        others,
      );
    case 'upsert': {
      const inserted = at(method.inserted) ?? data;
      return {
        kind: 'sequence',
        effects: [
          toEffect({ operation: 'insert', table, data: inserted, conflict: 'updates' }),
          toEffect({ operation: 'update', table, rows, patch, outcome: 'nothing' }, others),
        ],
      };
    }
  }
}

function rowsOf(
  context: ProgramContext,
  { key, where }: Method,
  { schema }: Table,
  at: (place: Place | undefined) => ts.Expression | null,
): Conditions {
  const value = at(key);
  if (value !== null && isKey(context, value)) {
    return { conditions: [{ field: idFieldOf(schema), comparison: 'equal', value }], rest: [] };
  }
  const node = value ?? at(where);
  return node ? getObjectConditions(context, schema, node) : noConditions();
}

/** Whether an argument that may be a key or conditions is a key. */
function isKey(context: ProgramContext, node: ts.Expression): boolean {
  return getOptions(context, node) === null;
}

/** Arguments that are not written as an object and of which the method says nothing: they run, and that is all. */
function unread(
  context: ProgramContext,
  args: readonly ts.Expression[],
  method: Method,
): readonly ts.Expression[] {
  const used = new Set<string>(
    [method.where, method.key, method.data, method.inserted, method.order].flatMap((place) =>
      place === undefined ? [] : [place],
    ),
  );
  return args.filter(
    (argument, index) => !used.has(String(index)) && getOptions(context, argument) === null,
  );
}

function partAt(
  context: ProgramContext,
  args: readonly ts.Expression[],
  place: Place,
): ts.Expression | null {
  const [index = '0', ...names] = place.split('.');
  let part = args[Number(index)] ?? null;
  for (const name of names) part = getOption(context, getOptions(context, part), name);
  return part;
}

function isLocking(context: ProgramContext, option: ts.Expression | null): boolean {
  if (option === null) return false;
  const { ts } = context;
  const value = unwrapExpression(context, option);
  if (ts.isObjectLiteralExpression(value)) {
    const mode = getOption(context, value, 'mode');
    return mode === null || !ts.isStringLiteralLike(mode) || mode.text !== 'optimistic';
  }
  return value.kind !== ts.SyntaxKind.FalseKeyword && value.kind !== ts.SyntaxKind.UndefinedKeyword;
}

/** The fields of `{ createdAt: 'desc' }`, of `[['createdAt', 'desc']]`, or of a list of such. */
export function getOrder(context: ProgramContext, node: ts.Expression | null): readonly string[] {
  if (node === null) return [];
  const { ts } = context;
  const value = unwrapExpression(context, node);
  if (ts.isStringLiteralLike(value)) return [value.text];
  if (ts.isPropertyAccessExpression(value)) return [value.name.text];
  if (ts.isCallExpression(value)) return getOrder(context, value.arguments[0] ?? null);
  if (ts.isArrayLiteralExpression(value)) {
    const [first] = value.elements;
    const isPair = first !== undefined && ts.isStringLiteralLike(first);
    return (isPair ? [first] : [...value.elements]).flatMap((term) => getOrder(context, term));
  }
  if (!ts.isObjectLiteralExpression(value)) return [];
  return value.properties.flatMap(({ name }) => (name ? [name.getText()] : []));
}
