import type ts from 'typescript';
import { isWrittenConstant } from '../../program/constants.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import type { TableSchema } from '../../schema/table-schema.js';
import { getOptions } from '../object-options.js';
import { comparisonOf, noConditions, type Conditions } from './conditions.js';

const ALL = /^(?:\$|Op\.)?and$/i;
const OTHER = /^(?:\$|Op\.)?(?:or|not|nor)$/i;

/**
 * The conditions that an object writes down: `{ id, stock: { gte: 1 }, [Op.and]: […] }`, with the operators of Prisma,
 * Sequelize, TypeORM, MikroORM and Mongoose.
 */
export function getObjectConditions(
  context: ProgramContext,
  table: TableSchema | null,
  node: ts.Expression | null | undefined,
): Conditions {
  const found = noConditions();
  if (node) addConditions(context, table, node, found);
  return found;
}

function addConditions(
  context: ProgramContext,
  table: TableSchema | null,
  node: ts.Expression,
  found: Conditions,
): void {
  const { ts } = context;
  const options = getOptions(context, node);
  if (!options) {
    found.rest.push(node);
    return;
  }
  for (const property of options.properties) {
    if (ts.isSpreadAssignment(property)) {
      addConditions(context, table, property.expression, found);
    } else if (ts.isShorthandPropertyAssignment(property)) {
      addCondition(context, table, property.name.text, property.name, found);
    } else if (ts.isPropertyAssignment(property)) {
      const name = nameOf(context, property.name);
      if (name !== null) addCondition(context, table, name, property.initializer, found);
    }
  }
}

/** `stock`, and the operator of `[Op.and]`. */
function nameOf({ ts }: ProgramContext, name: ts.PropertyName): string | null {
  if (!ts.isComputedPropertyName(name)) return name.text;
  const { expression } = name;
  return ts.isPropertyAccessExpression(expression) ? expression.getText() : null;
}

function addCondition(
  context: ProgramContext,
  table: TableSchema | null,
  name: string,
  node: ts.Expression,
  found: Conditions,
): void {
  const { ts } = context;
  const value = unwrapExpression(context, node);
  if (ALL.test(name)) {
    const parts = ts.isArrayLiteralExpression(value) ? value.elements : [value];
    for (const part of parts) addConditions(context, table, part, found);
    return;
  }
  const field = table?.fields.get(name);
  if (OTHER.test(name) || field?.relation) {
    found.rest.push(value);
    if (/or$/i.test(name) && ts.isArrayLiteralExpression(value)) {
      addAlternatives(context, table, value, found);
    }
    return;
  }
  if (ts.isCallExpression(value) && addOperator(context, name, value, found)) return;
  if (!ts.isObjectLiteralExpression(value)) {
    const comparison = ts.isArrayLiteralExpression(value) ? 'one of' : 'equal';
    found.conditions.push({ field: name, comparison, value });
    return;
  }
  addComparisons(context, table, name, value, found);
}

/** `{ OR: [{ status: 'new' }, { status: 'due', at: { lt: now } }] }`: the constants that a row may have. */
function addAlternatives(
  context: ProgramContext,
  table: TableSchema | null,
  { elements }: ts.ArrayLiteralExpression,
  found: Conditions,
): void {
  for (const element of elements) {
    for (const one of getObjectConditions(context, table, element).conditions) {
      const isConstant = one.value !== null && isWrittenConstant(context, one.value);
      if (isConstant) found.conditions.push({ ...one, comparison: 'one of' });
    }
  }
}

/** `LessThan(1)` */
function addOperator(
  { ts }: ProgramContext,
  field: string,
  { expression, arguments: [value] }: ts.CallExpression,
  found: Conditions,
): boolean {
  const comparison = ts.isIdentifier(expression) ? comparisonOf(expression.text) : null;
  if (comparison === null) return false;
  found.conditions.push({ field, comparison, value: value ?? null });
  return true;
}

/** `{ lt: 1 }`, or the values of a key of several fields under the name of the key. */
function addComparisons(
  context: ProgramContext,
  table: TableSchema | null,
  field: string,
  value: ts.ObjectLiteralExpression,
  found: Conditions,
): void {
  if (table !== null && table.fields.size > 0 && !table.fields.has(field)) {
    addConditions(context, table, value, found);
    return;
  }
  const { ts } = context;
  for (const property of value.properties) {
    const name = property.name && nameOf(context, property.name);
    const operand = ts.isPropertyAssignment(property)
      ? property.initializer
      : ts.isShorthandPropertyAssignment(property)
        ? property.name
        : null;
    const comparison = (name == null ? null : comparisonOf(name)) ?? 'other';
    found.conditions.push({ field, comparison, value: operand });
  }
}
