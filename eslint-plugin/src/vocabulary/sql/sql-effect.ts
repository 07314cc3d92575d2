import type {
  DeleteStatement,
  Expr,
  InsertStatement,
  SelectFromStatement,
  SelectStatement,
  Statement,
  UpdateStatement,
} from 'pgsql-ast-parser';
import type { TableSchema } from '../../schema/table-schema.js';
import { openEffect, type Effect, type FieldPatch, type Patch, type Rows } from '../effect.js';
import { parseSql } from './parse-sql.js';
import type { SqlText } from './sql-text.js';
import { isListOfTheProgram, SLOT } from './template-text.js';
import { getSqlPart, getSqlValue, getSqlWhere, type SqlNames } from './sql-where.js';

/** How the tables of a statement are known to the code. */
export interface SqlTables {
  /** The library that names the models. */
  readonly library: string;
  /** The name of the model that is kept in a table. */
  modelOf(table: string): string;
  schemaOf(table: string): TableSchema | null;
}

const AGGREGATES: ReadonlySet<string> = new Set(['count', 'sum', 'max', 'min', 'avg']);

const NAME_LOCK = /^(?:pg_(?:try_)?advisory_(?:xact_)?lock|get_lock)$/;

/** What a statement does to rows; `null` for one that does nothing that is known. */
export function getSqlEffect(sql: SqlText, tables: SqlTables): Effect | null {
  const effects = (parseSql(sql.text) ?? []).flatMap((statement) =>
    toEffects(statement, sql, tables),
  );
  const [first] = effects;
  if (first === undefined) return null;
  const effect: Effect = effects.length === 1 ? first : { kind: 'sequence', effects };
  return sql.slot ? openEffect(tables.library, sql.slot, effect) : effect;
}

function toEffects(statement: Statement, sql: SqlText, tables: SqlTables): readonly Effect[] {
  switch (statement.type) {
    case 'with':
      return [
        ...statement.bind.flatMap((part) => toEffects(part.statement, sql, tables)),
        ...toEffects(statement.in, sql, tables),
      ];
    case 'select':
      return select(statement, sql, tables);
    case 'update':
      return [update(statement, sql, tables)];
    case 'delete':
      return [remove(statement, sql, tables)];
    case 'insert':
      return [insert(statement, sql, tables)];
    default:
      return [];
  }
}

/** The model of a table; an empty name where the table is handed in. */
function modelOf(table: string, { slot }: SqlText, tables: SqlTables): string {
  return slot && table === SLOT ? '' : tables.modelOf(table);
}

function namesOf(table: string, { values }: SqlText, tables: SqlTables): SqlNames {
  const schema = tables.schemaOf(table);
  const fields = new Map([...(schema?.fields.values() ?? [])].map((one) => [one.column, one.name]));
  return {
    table: schema,
    fieldOf: (column) => fields.get(column) ?? column,
    valueOf: (parameter) => values[Number(parameter.slice(1)) - 1] ?? null,
  };
}

function select(statement: SelectStatement, sql: SqlText, tables: SqlTables): readonly Effect[] {
  if (statement.type !== 'select') return [];
  const lock = nameLock(statement, sql, tables);
  if (lock) return [lock];
  const [from] = statement.from ?? [];
  if (from?.type !== 'table') return [];
  const table = from.name.name;
  const names = { ...namesOf(table, sql, tables), alias: from.name.alias ?? table };
  const rows: Rows = { kind: 'where', where: getSqlWhere(statement.where, names) };
  const order = (statement.orderBy ?? []).flatMap(({ by }) =>
    by.type === 'ref' ? [names.fieldOf(by.name)] : [],
  );
  const model = modelOf(table, sql, tables);
  if (statement.for) {
    const isBlocking = statement.skip === undefined;
    return [{ kind: 'lock', model, result: 'many', rows, order, isBlocking, others: [] }];
  }
  return [{ kind: 'read', model, result: resultOf(statement), rows, order, others: [] }];
}

function resultOf({ columns }: SelectFromStatement): 'many' | 'count' | 'aggregate' {
  const [name] = (columns ?? []).flatMap(({ expr }) => functionOf(expr));
  if (name === undefined || !AGGREGATES.has(name)) return 'many';
  return name === 'count' ? 'count' : 'aggregate';
}

function functionOf(expression: Expr): readonly string[] {
  if (expression.type === 'cast') return functionOf(expression.operand);
  return expression.type === 'call' ? [expression.function.name] : [];
}

/** `select pg_advisory_xact_lock(…)` */
function nameLock(
  { columns }: SelectFromStatement,
  sql: SqlText,
  tables: SqlTables,
): Effect | null {
  for (const { expr } of columns ?? []) {
    if (expr.type !== 'call') continue;
    const name = expr.function.name;
    if (!NAME_LOCK.test(name)) continue;
    const names = namesOf('', sql, tables);
    const isBlocking = !name.startsWith('pg_try');
    return { kind: 'lock name', name: firstValue(expr.args, names), isBlocking, others: [] };
  }
  return null;
}

/** The value in `hashtext($1)` and its like. */
function firstValue(expressions: readonly Expr[], names: SqlNames): ReturnType<typeof getSqlValue> {
  for (const expression of expressions) {
    const value =
      expression.type === 'call'
        ? firstValue(expression.args, names)
        : getSqlValue(expression, names);
    if (value) return value;
  }
  return null;
}

function update(
  { table, sets, where, returning }: UpdateStatement,
  sql: SqlText,
  tables: SqlTables,
): Effect {
  const names = namesOf(table.name, sql, tables);
  return {
    kind: 'write',
    operation: 'update',
    model: modelOf(table.name, sql, tables),
    rows: { kind: 'where', where: getSqlWhere(where, names) },
    patch: patchOf(sets, names),
    outcome: returning ? 'row' : 'count',
    keys: names.table && names.table.keys.length > 0 ? names.table.keys : null,
    others: [],
  };
}

/** A list that the program puts together of an object sets what is in that. */
function patchOf(sets: UpdateStatement['sets'], names: SqlNames): Patch {
  const fields = sets
    .filter(({ value }) => !isRemovalOfKey(value))
    .map(({ column, value }): FieldPatch => ({
      field: names.fieldOf(column.name),
      ...getSqlPart(value, names),
    }));
  const list = fields.find(({ field }) => isListOfTheProgram(field));
  return list?.value
    ? { kind: 'object', node: list.value, atomic: [] }
    : { kind: 'fields', fields };
}

/** `data::jsonb - 'key'`: whoever removes a key that is gone changes nothing. */
function isRemovalOfKey(value: Expr): boolean {
  if (value.type !== 'binary' || value.op !== '-') return false;
  const { left } = value;
  return left.type === 'cast' && 'name' in left.to && /^jsonb?$/i.test(left.to.name);
}

function remove(
  { from, where, returning }: DeleteStatement,
  sql: SqlText,
  tables: SqlTables,
): Effect {
  const names = namesOf(from.name, sql, tables);
  return {
    kind: 'write',
    operation: 'delete',
    model: modelOf(from.name, sql, tables),
    rows: { kind: 'where', where: getSqlWhere(where, names) },
    patch: null,
    outcome: returning ? 'row' : 'count',
    others: [],
  };
}

function insert(
  { into, columns, insert: inserted, onConflict }: InsertStatement,
  sql: SqlText,
  tables: SqlTables,
): Effect {
  const conflict = onConflict ? (onConflict.do === 'do nothing' ? 'ignores' : 'updates') : 'throws';
  const model = modelOf(into.name, sql, tables);
  const names = namesOf(into.name, sql, tables);
  const [row] = inserted.type === 'values' ? inserted.values : [];
  const fields = (columns ?? []).flatMap((column, index): FieldPatch[] => {
    const value = row?.[index];
    return value === undefined || value.type === 'default'
      ? []
      : [{ field: names.fieldOf(column.name), ...getSqlPart(value, names) }];
  });
  const keys = names.table && names.table.keys.length > 0 ? names.table.keys : null;
  const list = fields.find(({ field }) => isListOfTheProgram(field));
  return list?.value
    ? { kind: 'insert', model, data: list.value, conflict, keys, others: [] }
    : { kind: 'insert', model, data: null, fields, conflict, keys, others: [] };
}
