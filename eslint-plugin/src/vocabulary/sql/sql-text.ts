import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';

/** A statement with `$1`, `$2` … where the program puts values. */
export interface SqlText {
  readonly text: string;
  /** The values, in the order of their numbers. */
  readonly values: readonly ts.Expression[];
  /** What names the table, where that is handed to the code around the statement. */
  readonly slot?: ts.Expression | null;
}

/** The statement of a tagged template, in which each `${…}` is a parameter. */
export function getTemplateText(
  context: ProgramContext,
  node: ts.TaggedTemplateExpression,
): SqlText {
  const { ts } = context;
  const { template } = node;
  if (ts.isNoSubstitutionTemplateLiteral(template)) return { text: template.text, values: [] };
  const values = template.templateSpans.map(({ expression }) => expression);
  const rest = template.templateSpans.map(
    ({ literal }, index) => `$${String(index + 1)}${literal.text}`,
  );
  return { text: template.head.text + rest.join(''), values };
}

/** The statement of a call such as `query('… $1 …', [value])`; `null` when the text is not written there. */
export function getCallText(
  context: ProgramContext,
  text: ts.Expression | undefined,
  values: ts.Expression | undefined,
): SqlText | null {
  const { ts } = context;
  const literal = text && unwrapExpression(context, text);
  if (!literal || !ts.isStringLiteralLike(literal)) return null;
  const list = values && unwrapExpression(context, values);
  return {
    text: literal.text,
    values: list && ts.isArrayLiteralExpression(list) ? list.elements : [],
  };
}
