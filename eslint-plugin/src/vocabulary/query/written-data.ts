import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import type { Patch } from '../effect.js';
import { getOptions, getPropertyValue } from '../object-options.js';

/** What the database computes from the value that the row has by then: `{ increment: 1 }` and its like. */
const ATOMIC: ReadonlySet<string> = new Set([
  'increment',
  'decrement',
  'multiply',
  'divide',
  'push',
]);

/** Functions whose result is an expression for the database. */
const EXPRESSION = /^(?:raw|literal|fn|increment|decrement|sql|ref|eb)$/;

/** The patch that an object of fields is. */
export function toPatch(context: ProgramContext, node: ts.Expression | null): Patch | null {
  return node && { kind: 'object', node, atomic: getAtomicFields(context, node) };
}

/** The fields of an object whose new value the database computes. */
export function getAtomicFields(context: ProgramContext, data: ts.Expression): readonly string[] {
  return (getOptions(context, data)?.properties ?? []).flatMap((property) => {
    const field = getPropertyValue(context, property);
    return field && isComputed(context, field.value) ? [field.name] : [];
  });
}

/** Whether the database computes a value: `{ increment: 1 }`, `sql\`n + 1\``, `raw('n + 1')`, `() => 'n + 1'`. */
export function isComputed(context: ProgramContext, node: ts.Expression): boolean {
  const { ts } = context;
  const value = unwrapExpression(context, node);
  if (ts.isObjectLiteralExpression(value)) {
    return value.properties.some(({ name }) => name !== undefined && ATOMIC.has(name.getText()));
  }
  if (ts.isArrowFunction(value)) return true;
  if (ts.isTaggedTemplateExpression(value)) return mentionsColumn(context, value.template);
  if (!ts.isCallExpression(value)) return false;
  const { expression } = value;
  const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  return ts.isIdentifier(name) && EXPRESSION.test(name.text);
}

/** `sql\`${table.n} + 1\`` and `sql\`n + 1\`` compute; `sql\`${value}::jsonb\`` only says of which type a value is. */
function mentionsColumn({ ts }: ProgramContext, template: ts.TemplateLiteral): boolean {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return true;
  const text = [template.head.text, ...template.templateSpans.map(({ literal }) => literal.text)];
  return text.some((part) => /[a-z_]/i.test(part.replace(/::\s*\w+(?:\[\])?/g, '')));
}
