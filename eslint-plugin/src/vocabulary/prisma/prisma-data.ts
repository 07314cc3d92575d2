import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getOptions, getPropertyValue } from '../object-options.js';

/** What the database computes from the value that the row has by then. */
const ATOMIC: ReadonlySet<string> = new Set([
  'increment',
  'decrement',
  'multiply',
  'divide',
  'push',
]);

/** The fields of `data` whose new value the database computes. */
export function getAtomicFields(context: ProgramContext, data: ts.Expression): readonly string[] {
  const { ts } = context;
  return (getOptions(context, data)?.properties ?? []).flatMap((property) => {
    const field = getPropertyValue(context, property);
    if (!field) return [];
    const value = unwrapExpression(context, field.value);
    const isAtomic =
      ts.isObjectLiteralExpression(value) &&
      value.properties.some(({ name }) => name !== undefined && ATOMIC.has(name.getText()));
    return isAtomic ? [field.name] : [];
  });
}
