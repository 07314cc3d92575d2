import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { comparisonOf, noConditions, type Conditions } from '../query/conditions.js';
import { getDeclaration } from '../../program/declared-symbol.js';

/** The conditions of `and(eq(users.id, id), lt(users.seats, 10))`. */
export function getDrizzleConditions(
  context: ProgramContext,
  node: ts.Expression | null | undefined,
): Conditions {
  const found = noConditions();
  if (node) addConditions(context, node, found);
  return found;
}

function addConditions(context: ProgramContext, node: ts.Expression, found: Conditions): void {
  const { ts } = context;
  const value = resolve(context, node);
  if (ts.isArrowFunction(value) && !ts.isBlock(value.body)) {
    addConditions(context, value.body, found);
    return;
  }
  if (ts.isTaggedTemplateExpression(value)) {
    for (const field of columnsIn(context, value)) {
      found.conditions.push({ field, comparison: 'other', value: null });
    }
    return;
  }
  if (!ts.isCallExpression(value)) {
    found.rest.push(value);
    return;
  }
  const { expression, arguments: args } = value;
  const operator = ts.isPropertyAccessExpression(expression)
    ? expression.name.text
    : expression.getText();
  if (operator === 'and') {
    for (const argument of args) addConditions(context, argument, found);
    return;
  }
  const [left, right = null] = args;
  const column = left && unwrapExpression(context, left);
  const comparison = comparisonOf(operator);
  if (comparison !== null && column && ts.isPropertyAccessExpression(column)) {
    found.conditions.push({ field: column.name.text, comparison, value: right });
  } else {
    // `or(…)`, `not(…)`, `exists(…)`: it depends on these columns in some way.
    for (const field of columnsIn(context, value)) {
      found.conditions.push({ field, comparison: 'other', value: null });
    }
  }
}

/** The condition behind a constant. */
function resolve(context: ProgramContext, node: ts.Expression): ts.Expression {
  const { ts } = context;
  const value = unwrapExpression(context, node);
  if (!ts.isIdentifier(value)) return value;
  const declaration = getDeclaration(context, value);
  if (!declaration || !ts.isVariableDeclaration(declaration)) return value;
  const { initializer } = declaration;
  return initializer && ts.isCallExpression(initializer) ? initializer : value;
}

/** The columns, as `users.id`, in an expression: names that begin with a table's. */
function columnsIn(context: ProgramContext, node: ts.Node): readonly string[] {
  const { ts } = context;
  const found: string[] = [];
  const visit = (inner: ts.Node): void => {
    if (ts.isPropertyAccessExpression(inner) && ts.isIdentifier(inner.expression)) {
      const declaration = getDeclaration(context, inner.expression);
      const isTable =
        declaration !== null &&
        ts.isVariableDeclaration(declaration) &&
        /table/i.test(declaration.initializer?.getText().slice(0, 40) ?? '');
      if (isTable) found.push(inner.name.text);
      return;
    }
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return found;
}
