import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import type { TableSchema } from '../../schema/table-schema.js';
import type { Comparison, FieldCondition, Where } from '../effect.js';
import { getOptions, getPropertyValue } from '../object-options.js';

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  equals: 'equal',
  not: 'unequal',
  lt: 'less',
  lte: 'less',
  gt: 'more',
  gte: 'more',
  in: 'one of',
};

interface Found {
  readonly conditions: FieldCondition[];
  readonly rest: ts.Expression[];
}

/** The rows that `where` chooses. */
export function getWhere(
  context: ProgramContext,
  table: TableSchema,
  node: ts.Expression | null,
): Where {
  const found: Found = { conditions: [], rest: [] };
  if (node) addConditions(context, table, node, found);
  const isEqual = (field: string): boolean =>
    found.conditions.some((one) => one.field === field && one.comparison === 'equal' && one.value);
  const key = table.keys.find(
    ({ condition, fields }) => condition === null && fields.every(isEqual),
  );
  return { ...found, key: key?.fields ?? null, idField: idFieldOf(table) };
}

/** The field that names a row, when one does. */
export function idFieldOf({ keys }: TableSchema): string {
  const [field, ...others] = keys.find(({ isPrimary }) => isPrimary)?.fields ?? [];
  return field !== undefined && others.length === 0 ? field : 'id';
}

function addConditions(
  context: ProgramContext,
  table: TableSchema,
  node: ts.Expression,
  found: Found,
): void {
  const { ts } = context;
  const options = getOptions(context, node);
  if (!options) {
    found.rest.push(node);
    return;
  }
  for (const property of options.properties) {
    const named = getPropertyValue(context, property);
    if (named) addCondition(context, table, named.name, named.value, found);
    else if (ts.isSpreadAssignment(property))
      addConditions(context, table, property.expression, found);
  }
}

function addCondition(
  context: ProgramContext,
  table: TableSchema,
  name: string,
  node: ts.Expression,
  found: Found,
): void {
  const { ts } = context;
  const value = unwrapExpression(context, node);
  if (name === 'AND') {
    const parts = ts.isArrayLiteralExpression(value) ? value.elements : [value];
    for (const part of parts) addConditions(context, table, part, found);
    return;
  }
  // The values of a key of several fields stand together under the name of the key.
  const isKey = !table.fields.has(name) && name !== 'OR' && name !== 'NOT';
  if (isKey && ts.isObjectLiteralExpression(value)) {
    addConditions(context, table, value, found);
    return;
  }
  if (!table.fields.has(name) || table.fields.get(name)?.relation) {
    found.rest.push(value);
    return;
  }
  if (!ts.isObjectLiteralExpression(value)) {
    found.conditions.push({ field: name, comparison: 'equal', value });
    return;
  }
  for (const property of value.properties) {
    const compared = getPropertyValue(context, property);
    const comparison = (compared && COMPARISONS[compared.name]) ?? 'other';
    found.conditions.push({ field: name, comparison, value: compared?.value ?? null });
  }
}
