import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import type { TableSchema } from '../../schema/table-schema.js';
import type { Comparison } from '../effect.js';
import type { Chain, Link } from './chain.js';
import { comparisonOf, noConditions, type Conditions } from './conditions.js';
import { getConstantText } from './constant-text.js';
import { getObjectConditions } from './object-conditions.js';

/** Calls that add conditions, with the comparison that their name says. */
const CALLS: Readonly<Record<string, Comparison | null>> = {
  where: null,
  andWhere: null,
  having: null,
  whereIn: 'one of',
  whereNot: 'unequal',
  whereNull: 'equal',
  whereNotNull: 'unequal',
  whereNotIn: 'other',
  whereBetween: 'other',
  whereRef: 'other',
  whereExists: 'other',
  whereRaw: 'other',
  orWhere: 'other',
  findById: 'equal',
  patchAndFetchById: 'equal',
  updateAndFetchById: 'equal',
  deleteById: 'equal',
};

/** The conditions of a query builder in the manner of Knex and Kysely: `.where('id', '=', id).where({ status })`. */
export function getBuilderConditions(
  context: ProgramContext,
  table: TableSchema | null,
  { links }: Chain,
): Conditions {
  const found = noConditions();
  for (const link of links) {
    const comparison = CALLS[link.name];
    if (comparison !== undefined) addCall(context, table, link, comparison, found);
  }
  return found;
}

function addCall(
  context: ProgramContext,
  table: TableSchema | null,
  { name, args }: Link,
  comparison: Comparison | null,
  found: Conditions,
): void {
  const [first, second, third] = args;
  if (!first) return;
  const { ts } = context;
  if (name.endsWith('ById')) {
    found.conditions.push({ field: 'id', comparison: 'equal', value: first });
    return;
  }
  const column = getConstantText(context, first);
  if (column === null || (second === undefined && comparison === null)) {
    if (ts.isArrowFunction(first)) addMentioned(context, first, found);
    else if (comparison === null) addObject(context, table, first, found);
    else addMentioned(context, first, found);
    return;
  }
  const field = columnOf(column);
  if (comparison !== null) {
    found.conditions.push({ field, comparison, value: second ?? null });
    return;
  }
  const operator = third && second ? getConstantText(context, second) : '=';
  found.conditions.push({
    field,
    comparison: (operator === null ? null : comparisonOf(operator)) ?? 'other',
    value: third ?? second ?? null,
  });
}

function addObject(
  context: ProgramContext,
  table: TableSchema | null,
  node: ts.Expression,
  found: Conditions,
): void {
  const { conditions, rest } = getObjectConditions(context, table, node);
  found.conditions.push(...conditions.map((one) => ({ ...one, field: columnOf(one.field) })));
  found.rest.push(...rest);
}

/** A condition of another shape: it depends on the columns that are named in it. */
function addMentioned(context: ProgramContext, node: ts.Expression, found: Conditions): void {
  const { ts } = context;
  const visit = (inner: ts.Node): void => {
    if (ts.isCallExpression(inner)) {
      const [first, second, third] = inner.arguments;
      const column = first && ts.isStringLiteralLike(first) ? first.text : null;
      if (column !== null && /^[\w.]+$/.test(column)) {
        const operator = second && ts.isStringLiteralLike(second) ? second.text : '';
        const isAlone = inner === bodyOf(context, node);
        found.conditions.push({
          field: columnOf(column),
          comparison: (isAlone ? comparisonOf(operator) : null) ?? 'other',
          value: isAlone ? (third ?? null) : null,
        });
      }
    }
    ts.forEachChild(inner, visit);
  };
  visit(unwrapExpression(context, node));
}

function bodyOf({ ts }: ProgramContext, node: ts.Expression): ts.Node {
  return ts.isArrowFunction(node) ? node.body : node;
}

/** `users.id` and `users.id as user_id` are `id`. */
export function columnOf(text: string): string {
  const [name = text] = text.split(/\s+as\s+/i);
  return name.slice(name.lastIndexOf('.') + 1);
}

/** The table of `users as u` or `public.users`. */
export function tableOf(text: string): string {
  return columnOf(text.trim().split(/\s+/)[0] ?? text);
}
