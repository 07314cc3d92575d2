import type ts from 'typescript';
import { getDeclaration } from '../../program/declared-symbol.js';
import { getImportOrigin } from '../../program/value-origin.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import type { FieldSchema, TableSchema, UniqueKey } from '../../schema/table-schema.js';
import { getChain, type Chain } from '../query/chain.js';
import { getOption, getOptions, getPropertyValue } from '../object-options.js';
import type { Table } from '../query/query.js';

const tables = new WeakMap<ts.Declaration, Table | null>();

/** The table that an expression names, by its declaration: `pgTable('users', { … }, (t) => [ … ])`. */
export function getDrizzleTable(context: ProgramContext, node: ts.Expression): Table | null {
  const declaration = getDeclaration(context, node);
  if (!declaration || !context.ts.isVariableDeclaration(declaration)) return null;
  let table = tables.get(declaration);
  if (table === undefined) {
    table = readTable(context, declaration);
    tables.set(declaration, table);
  }
  return table;
}

/** The table that a declaration of the program makes. */
function readTable(context: ProgramContext, { initializer }: ts.VariableDeclaration): Table | null {
  const { ts } = context;
  const call = initializer && unwrapExpression(context, initializer);
  if (!call || !ts.isCallExpression(call)) return null;
  const [name, columns, extra] = call.arguments;
  if (!name || !ts.isStringLiteralLike(name) || !columns) return null;
  const isDrizzle =
    getImportOrigin(context, call.expression)?.module.startsWith('drizzle-orm') === true ||
    /(?:^|\.|_)(?:pg|mysql|sqlite|create|single)?Table$/i.test(call.expression.getText());
  if (!isDrizzle) return null;
  return { model: `drizzle:${name.text}`, schema: readSchema(context, name.text, columns, extra) };
}

function readSchema(
  context: ProgramContext,
  table: string,
  columns: ts.Expression,
  extra: ts.Expression | undefined,
): TableSchema {
  const { ts } = context;
  const fields = new Map<string, FieldSchema>();
  const keys: UniqueKey[] = [];
  for (const property of getOptions(context, returnedBy(context, columns))?.properties ?? []) {
    const column = getPropertyValue(context, property);
    const value = column && unwrapExpression(context, column.value);
    if (!column || !value || !ts.isCallExpression(value)) continue;
    const chain = getChain(context, value);
    if (!chain) continue;
    const { name: field } = column;
    fields.set(field, readColumn(context, field, chain));
    for (const link of chain.links) {
      const isPrimary = link.name === 'primaryKey';
      if (isPrimary || link.name === 'unique') {
        keys.push({ fields: [field], isPrimary, condition: null });
      }
    }
  }
  keys.push(...readKeys(context, extra));
  return { name: table, table, fields, keys };
}

function readColumn({ ts }: ProgramContext, name: string, { links }: Chain): FieldSchema {
  const names = new Set(links.map((link) => link.name));
  const [first] = links;
  const [column] = first?.args ?? [];
  return {
    name,
    column: column && ts.isStringLiteralLike(column) ? column.text : name,
    type: first?.name ?? '',
    isList: names.has('array'),
    isNullable: !names.has('notNull') && !names.has('primaryKey'),
    hasDefault: [...names].some((each) => each.startsWith('default') || each.startsWith('$')),
  };
}

/** The keys of the third argument: `(t) => [uniqueIndex('…').on(t.team, t.name)]`, or an object of such. */
function readKeys(context: ProgramContext, extra: ts.Expression | undefined): readonly UniqueKey[] {
  const { ts } = context;
  const list = extra && unwrapExpression(context, returnedBy(context, extra));
  if (!list) return [];
  const parts = ts.isArrayLiteralExpression(list)
    ? [...list.elements]
    : (getOptions(context, list)?.properties ?? []).flatMap(
        (property) => getPropertyValue(context, property)?.value ?? [],
      );
  return parts.flatMap((part) => {
    const call = unwrapExpression(context, part);
    return ts.isCallExpression(call) ? (readKey(context, call) ?? []) : [];
  });
}

function readKey(context: ProgramContext, call: ts.CallExpression): UniqueKey | null {
  const chain = getChain(context, call);
  const [first] = chain?.links ?? [];
  if (!chain || !first) return null;
  if (first.name === 'primaryKey') {
    const columns = getOption(context, getOptions(context, first.args[0]), 'columns');
    const of = columns ? elementsOf(context, columns) : first.args;
    return { fields: columnsOf(context, of), isPrimary: true, condition: null };
  }
  if (first.name !== 'unique' && first.name !== 'uniqueIndex') return null;
  const on = chain.links.find(({ name }) => name === 'on' || name === 'onOnly');
  const isPartial = chain.links.some(({ name }) => name === 'where');
  const fields = columnsOf(context, on?.args ?? []);
  return fields.length === 0 || fields.length < (on?.args.length ?? 0)
    ? null
    : { fields, isPrimary: false, condition: isPartial ? 'unknown' : null };
}

function elementsOf({ ts }: ProgramContext, node: ts.Expression): readonly ts.Expression[] {
  return ts.isArrayLiteralExpression(node) ? node.elements : [];
}

/** The fields of `t.team`, `t.name`. */
function columnsOf({ ts }: ProgramContext, nodes: readonly ts.Expression[]): readonly string[] {
  return nodes.flatMap((node) => {
    let column = node;
    while (ts.isCallExpression(column) && ts.isPropertyAccessExpression(column.expression)) {
      column = column.expression.expression;
    }
    return ts.isPropertyAccessExpression(column) ? [column.name.text] : [];
  });
}

/** What a function returns; anything else is what it is. */
function returnedBy({ ts }: ProgramContext, node: ts.Expression): ts.Expression {
  if (!ts.isArrowFunction(node)) return node;
  if (!ts.isBlock(node.body)) return node.body;
  const returned = node.body.statements.find(ts.isReturnStatement);
  return returned?.expression ?? node;
}
