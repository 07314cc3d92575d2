import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import { getFunctions } from '../../program/callee.js';
import { getCalledName } from '../../program/called-name.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getMigratedTable } from '../../schema/program-schema.js';
import type { Effect, EffectNode } from '../effect.js';
import { getOption } from '../object-options.js';
import { getConstantText } from '../query/constant-text.js';
import { getSqlEffect, type SqlTables } from './sql-effect.js';
import { getTemplateText, type SqlText } from './sql-text.js';
import { getTextOfParts } from './template-text.js';

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
    library,
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
  return effect && ONE.has(name) ? findingOne(effect) : effect;
}

function findingOne(effect: Effect): Effect {
  if (effect.kind === 'open') return { ...effect, effect: findingOne(effect.effect) };
  const isRead = effect.kind === 'lock' || (effect.kind === 'read' && effect.result === 'many');
  return isRead ? { ...effect, result: 'one' } : effect;
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
  if (ts.isCallExpression(node)) return textOfBuilder(context, node);
  if (ts.isTemplateExpression(node)) return getTextOfParts(context, node);
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

/** The statement that a function of the program returns, whatever it is given. */
function textOfBuilder(context: ProgramContext, call: ts.CallExpression): SqlText | null {
  const { ts } = context;
  const [builder, ...more] = getFunctions(context, getCalledName(context, call)?.node ?? call);
  if (!builder || more.length > 0) return null;
  const [body, ...others] = ts.isBlock(builder.body)
    ? builder.body.statements.flatMap((one) =>
        ts.isReturnStatement(one) && one.expression ? [one.expression] : [],
      )
    : [builder.body];
  const result = body && others.length === 0 ? unwrapExpression(context, body) : null;
  return result && ts.isTaggedTemplateExpression(result) ? textOfTemplate(context, result) : null;
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

/** `sql\`…\``, and what `sql.type(schema)\`…\`` is. */
function textOfTemplate(context: ProgramContext, node: ts.TaggedTemplateExpression): SqlText {
  const { template } = node;
  return context.ts.isTemplateExpression(template)
    ? getTextOfParts(context, template)
    : getTemplateText(context, node);
}
