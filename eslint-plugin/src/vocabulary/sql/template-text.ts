import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getConstantText } from '../query/constant-text.js';
import { getNamedTable, getOwner } from '../query/table-expression.js';
import type { SqlText } from './sql-text.js';

/** A list that the program puts together, such as `sql.join(…)`, stands in the text as a column of such a name. */
const LIST = /^#\d+$/;

export function isListOfTheProgram(column: string): boolean {
  return LIST.test(column);
}

/** The name of a table that is handed in. */
export const SLOT = '#table';

const TABLE = /\b(?:from|join|update|into)\s*$/i;
const COLUMNS = /\binto\s+"[^"]*"\s*\(\s*$/i;
const ROWS = /\bvalues\s*$/i;
const LIST_OF_EQUATIONS = /(?:\bset|\bwhere|\band|,)\s*$/i;
const OPERATOR = /^\s*(?:=|<|>|!=|\bis\b|\bin\b|\blike\b|\bilike\b)/i;
/** Where one more value would be a mistake: what stands there is a clause that the program adds, or not. */
const COMPLETE = /(?:[\w")\]]|\$\d+)\s*$/;
const KEYWORD =
  /\b(?:select|where|and|or|set|values|returning|on|in|is|not|like|ilike|limit|offset|by|then|when|else|case|between|distinct|as)\s*$/i;

/**
 * The statement of a template: names that are put in are names, parts of a statement that the program puts together
 * stand for what they were made of, and everything else is a value.
 */
export function getTextOfParts(
  context: ProgramContext,
  { head, templateSpans }: ts.TemplateExpression,
): SqlText {
  const columnOwners = getColumnOwners(context, head, templateSpans);
  const values: ts.Expression[] = [];
  let slot: ts.Expression | null = null;
  let { text } = head;
  const add = (value: ts.Expression): string => {
    values.push(value);
    return `$${String(values.length)}`;
  };
  const partOf = (hole: ts.Expression, rest: string): string => {
    const name = getName(context, hole);
    if (name !== null) return name;
    if (TABLE.test(text)) {
      const table = getNamedTable(context, hole);
      if (table?.slot) slot = table.slot;
      return `"${table?.name ?? SLOT}"`;
    }
    const column = getColumn(context, hole);
    if (column && columnOwners.has(column.owner)) return `"${column.name}"`;
    if (COLUMNS.test(text)) return `"#${String(values.length)}"`;
    if (ROWS.test(text)) return `(${add(getSource(context, hole) ?? hole)})`;
    if (LIST_OF_EQUATIONS.test(text) && isPart(context, hole) && !OPERATOR.test(rest)) {
      return `"#${String(values.length)}"=${add(getSource(context, hole) ?? hole)}`;
    }
    if (COMPLETE.test(text) && !KEYWORD.test(text)) return '';
    return add(getSource(context, hole) ?? hole);
  };
  for (const { expression, literal } of templateSpans) {
    text += partOf(unwrapExpression(context, expression), literal.text) + literal.text;
  }
  return { text, values, slot };
}

/** The objects whose members stand for columns: somewhere in the text, one is on the left of a comparison. */
function getColumnOwners(
  context: ProgramContext,
  head: ts.TemplateHead,
  spans: readonly ts.TemplateSpan[],
): ReadonlySet<string> {
  const owners = new Set<string>();
  let before = head.text;
  for (const { expression, literal } of spans) {
    const column = getColumn(context, unwrapExpression(context, expression));
    if (column && LIST_OF_EQUATIONS.test(before) && OPERATOR.test(literal.text)) {
      owners.add(column.owner);
    }
    before = literal.text;
  }
  return owners;
}

function getColumn(
  { ts }: ProgramContext,
  node: ts.Expression,
): { readonly owner: string; readonly name: string } | null {
  return ts.isPropertyAccessExpression(node)
    ? { owner: node.expression.getText(), name: node.name.text }
    : null;
}

/** Whether a hole is a part of a statement that a call makes, rather than a value. */
function isPart({ ts }: ProgramContext, node: ts.Expression): boolean {
  return ts.isCallExpression(node);
}

/** The name in `sql.identifier(['users'])` and `sql('users')`. */
function getName(context: ProgramContext, node: ts.Expression): string | null {
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

/** What a part was made of: the first thing in it that was handed to the function around the template. */
function getSource(context: ProgramContext, hole: ts.Expression): ts.Expression | null {
  const { ts, checker } = context;
  if (!isPart(context, hole)) return null;
  const visit = (node: ts.Node): ts.Expression | undefined => {
    if (ts.isTypeNode(node)) return undefined;
    if (ts.isIdentifier(node) && !isCallee(context, node)) {
      const declaration = checker.getSymbolAtLocation(node)?.declarations?.[0];
      const owner = declaration && getOwner(context, declaration);
      const isInside = owner && owner.pos >= hole.pos && owner.end <= hole.end;
      if (owner && ts.isParameter(owner) && owner.getSourceFile() === hole.getSourceFile()) {
        return isInside ? undefined : node;
      }
    }
    return ts.forEachChild(node, visit);
  };
  return visit(hole) ?? null;
}

function isCallee({ ts }: ProgramContext, node: ts.Identifier): boolean {
  return ts.isCallExpression(node.parent) && node.parent.expression === node;
}
