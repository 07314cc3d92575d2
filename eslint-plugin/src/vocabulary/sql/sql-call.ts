import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getMigratedTable } from '../../schema/program-schema.js';
import type { Effect, EffectNode } from '../effect.js';
import { getOption } from '../object-options.js';
import { getConstantText } from '../query/constant-text.js';
import { getSqlEffect, type SqlTables } from './sql-effect.js';
import { getTemplateText, type SqlText } from './sql-text.js';

/** Calls that are given a statement. */
export const SQL_CALLS: readonly string[] = [
  'query',
  'execute',
  'raw',
  'unsafe',
  'one',
  'oneFirst',
  'maybeOne',
  'maybeOneFirst',
  'oneOrNone',
  'any',
  'anyFirst',
  'many',
  'manyFirst',
  'manyOrNone',
  'none',
  'exists',
  '$queryRaw',
  '$executeRaw',
  '$queryRawUnsafe',
  '$executeRawUnsafe',
];

const ONE: ReadonlySet<string> = new Set([
  'one',
  'oneFirst',
  'maybeOne',
  'maybeOneFirst',
  'oneOrNone',
]);

/** The tables of statements in a program whose other queries name them with a library's name. */
export function tablesNamed(context: ProgramContext, library: string): SqlTables {
  return {
    modelOf: (table) => `${library}:${table}`,
    schemaOf: (table) => getMigratedTable(context, table),
  };
}

/** What a call with a statement does, or a template that is one; `null` where no statement is written. */
export function getCallEffect(
  context: ProgramContext,
  node: EffectNode,
  tables: SqlTables,
): Effect | null {
  const { ts } = context;
  if (ts.isTaggedTemplateExpression(node)) {
    return isAwaited(context, node) ? getSqlEffect(textOfTemplate(context, node), tables) : null;
  }
  const { expression, arguments: args } = node;
  const text = textOfCall(context, args);
  const effect = text && getSqlEffect(text, tables);
  const name = ts.isPropertyAccessExpression(expression) ? expression.name.text : '';
  return effect && ONE.has(name) && (effect.kind === 'read' || effect.kind === 'lock')
    ? { ...effect, result: 'one' }
    : effect;
}

/** Whether a template is sent as a statement, rather than be a part of one. */
function isAwaited({ ts }: ProgramContext, node: ts.Node): boolean {
  let { parent } = node;
  while (ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent)) ({ parent } = parent);
  return (
    ts.isAwaitExpression(parent) ||
    ts.isReturnStatement(parent) ||
    ts.isArrowFunction(parent) ||
    ts.isArrayLiteralExpression(parent)
  );
}

function textOfCall(
  context: ProgramContext,
  [first, second, ...more]: readonly ts.Expression[],
): SqlText | null {
  const { ts } = context;
  const node = first && unwrapExpression(context, first);
  if (!node) return null;
  if (ts.isTaggedTemplateExpression(node)) return textOfTemplate(context, node);
  if (ts.isTemplateExpression(node)) return partsOf(context, node);
  if (ts.isObjectLiteralExpression(node)) {
    const text = getOption(context, node, 'text');
    return text
      ? textOfCall(context, [text, ...valuesOf(context, getOption(context, node, 'values'))])
      : null;
  }
  const text = getConstantText(context, node);
  if (text === null) return null;
  const values =
    second && !more.length ? valuesOf(context, second) : second ? [second, ...more] : [];
  return { text: numbered(text), values };
}

/** `?` is what MySQL and Knex write for `$1`. */
function numbered(text: string): string {
  let count = 0;
  return /\$\d/.test(text) ? text : text.replace(/\?/g, () => `$${String((count += 1))}`);
}

function valuesOf({ ts }: ProgramContext, node: ts.Expression | null): readonly ts.Expression[] {
  if (!node) return [];
  return ts.isArrayLiteralExpression(node) ? node.elements : [node];
}

/** `sql\`…\``, and what `sql.type(schema)\`…\`` is. Names that are put in are names; everything else is a value. */
function textOfTemplate(context: ProgramContext, node: ts.TaggedTemplateExpression): SqlText {
  const { template } = node;
  return context.ts.isTemplateExpression(template)
    ? partsOf(context, template)
    : getTemplateText(context, node);
}

function partsOf(context: ProgramContext, { head, templateSpans }: ts.TemplateExpression): SqlText {
  let { text } = head;
  const values: ts.Expression[] = [];
  for (const { expression, literal } of templateSpans) {
    const name = nameOf(context, expression);
    if (name === null) values.push(expression);
    text += (name ?? `$${String(values.length)}`) + literal.text;
  }
  return { text, values };
}

/** The name in `sql.identifier(['users'])` and `sql('users')`. */
function nameOf(context: ProgramContext, node: ts.Expression): string | null {
  const { ts } = context;
  if (
    !ts.isCallExpression(node) ||
    !/^(?:sql|tx|Prisma|client)\b/.test(node.expression.getText())
  ) {
    return null;
  }
  const [argument] = node.arguments;
  const parts = argument && ts.isArrayLiteralExpression(argument) ? argument.elements : [argument];
  const names = parts.map((part) => getConstantText(context, part));
  return names.includes(null) || names.length === 0
    ? null
    : names.map((one) => `"${one ?? ''}"`).join('.');
}
