import { createRequire } from 'node:module';
import type {
  AlterTableStatement,
  CreateColumnDef,
  CreateIndexStatement,
  CreateTableStatement,
  Expr,
  Statement,
  TableConstraint,
} from 'pgsql-ast-parser';
import { splitStatements } from './sql-statements.js';
import type {
  DatabaseSchema,
  FieldSchema,
  KeyComparison,
  KeyCondition,
  UniqueKey,
} from './table-schema.js';

const require = createRequire(import.meta.url);

/** A key, and the name by which it can be dropped. */
interface NamedKey extends UniqueKey {
  readonly name: string | undefined;
}

interface Table {
  readonly fields: Map<string, FieldSchema>;
  keys: NamedKey[];
}

/**
 * Follows migrations in SQL: which tables there are in the end, with which columns and unique keys. Statements that are about
 * something else are passed over, and so are those that the parser does not know.
 *
 * @param scripts - the texts, in the order in which they are applied
 */
export function readSqlSchema(scripts: readonly string[]): DatabaseSchema {
  // Only a project that has such files waits for its parser.
  const { parse } = require('pgsql-ast-parser') as typeof import('pgsql-ast-parser');
  const tables = new Map<string, Table>();
  for (const script of scripts) {
    for (const text of splitStatements(script)) {
      if (!/^(?:create|alter|drop)\b/i.test(text)) continue;
      let statements: readonly Statement[];
      try {
        statements = parse(text);
      } catch {
        continue;
      }
      for (const statement of statements) apply(tables, statement);
    }
  }
  return {
    tables: [...tables].map(([name, { fields, keys }]) => ({ name, table: name, fields, keys })),
    problems: [],
  };
}

function apply(tables: Map<string, Table>, statement: Statement): void {
  switch (statement.type) {
    case 'create table':
      if (!tables.has(statement.name.name)) createTable(tables, statement);
      break;
    case 'alter table':
      alterTable(tables, statement);
      break;
    case 'create index':
      createIndex(tables, statement);
      break;
    case 'drop table':
      for (const { name } of statement.names) tables.delete(name);
      break;
    case 'drop index':
      for (const { name } of statement.names) {
        for (const table of tables.values()) dropKey(table, name);
      }
      break;
    default:
  }
}

function createTable(tables: Map<string, Table>, statement: CreateTableStatement): void {
  const table: Table = { fields: new Map(), keys: [] };
  for (const column of statement.columns) if (column.kind === 'column') addColumn(table, column);
  for (const constraint of statement.constraints ?? []) addConstraint(table, constraint);
  tables.set(statement.name.name, table);
}

function alterTable(tables: Map<string, Table>, statement: AlterTableStatement): void {
  const name = statement.table.name;
  const table = tables.get(name);
  if (table === undefined) return;
  for (const change of statement.changes) {
    switch (change.type) {
      case 'add column':
        addColumn(table, change.column);
        break;
      case 'drop column':
        table.fields.delete(change.column.name);
        table.keys = table.keys.filter(({ fields }) => !fields.includes(change.column.name));
        break;
      case 'add constraint':
        addConstraint(table, change.constraint);
        break;
      case 'drop constraint':
        dropKey(table, change.constraint.name);
        break;
      case 'rename':
        tables.delete(name);
        tables.set(change.to.name, table);
        break;
      case 'rename column':
        renameColumn(table, change.column.name, change.to.name);
        break;
      default:
    }
  }
}

function addColumn(
  table: Table,
  { name: { name }, dataType, constraints = [] }: CreateColumnDef,
): void {
  const has = (type: string): boolean => constraints.some((constraint) => constraint.type === type);
  const isList = dataType.kind === 'array';
  const type = dataType.kind === 'array' ? dataType.arrayOf : dataType;
  const typeName = 'name' in type ? type.name : 'array';
  table.fields.set(name, {
    name,
    column: name,
    type: typeName,
    isList,
    isNullable: !has('not null') && !has('primary key'),
    hasDefault: has('default') || has('add generated') || /serial$/i.test(typeName),
  });
  for (const constraint of constraints) {
    if (constraint.type !== 'unique' && constraint.type !== 'primary key') continue;
    const isPrimary = constraint.type === 'primary key';
    table.keys.push({
      name: constraint.constraintName?.name,
      fields: [name],
      isPrimary,
      condition: null,
    });
  }
}

function addConstraint(table: Table, constraint: TableConstraint): void {
  if (constraint.type !== 'unique' && constraint.type !== 'primary key') return;
  table.keys.push({
    name: constraint.constraintName?.name,
    fields: constraint.columns.map(({ name }) => name),
    isPrimary: constraint.type === 'primary key',
    condition: null,
  });
}

function createIndex(tables: Map<string, Table>, statement: CreateIndexStatement): void {
  const table = tables.get(statement.table.name);
  if (table === undefined || statement.unique !== true) return;
  const fields = statement.expressions.map(({ expression }) =>
    expression.type === 'ref' ? expression.name : undefined,
  );
  // A key of an expression, such as lower(email), keeps apart what that makes of a column, which is no column.
  const columns = fields.filter((field) => field !== undefined);
  if (columns.length < fields.length) return;
  table.keys.push({
    name: statement.indexName?.name,
    fields: columns,
    isPrimary: false,
    condition: statement.where === undefined ? null : readCondition(statement.where),
  });
}

function readCondition(expression: Expr): KeyCondition {
  if (expression.type === 'binary' && expression.op === 'AND') {
    const left = readCondition(expression.left);
    const right = readCondition(expression.right);
    return left === 'unknown' || right === 'unknown' ? 'unknown' : [...left, ...right];
  }
  const comparison = readComparison(expression);
  return comparison ? [comparison] : 'unknown';
}

function readComparison(expression: Expr): KeyComparison | null {
  if (expression.type === 'ref') return { field: expression.name, is: '=', value: true };
  if (expression.type === 'unary' && expression.operand.type === 'ref') {
    const field = expression.operand.name;
    if (expression.op === 'IS NULL') return { field, is: 'null' };
    if (expression.op === 'IS NOT NULL') return { field, is: 'not null' };
    if (expression.op === 'NOT') return { field, is: '=', value: false };
    return null;
  }
  if (expression.type !== 'binary' || (expression.op !== '=' && expression.op !== '!='))
    return null;
  const field = expression.left.type === 'ref' ? expression.left.name : undefined;
  const value = constantOf(expression.right);
  if (field === undefined || value === undefined) return null;
  return { field, is: expression.op === '=' ? '=' : '<>', value };
}

function constantOf(expression: Expr): string | number | boolean | undefined {
  if (expression.type === 'cast') return constantOf(expression.operand);
  return expression.type === 'string' ||
    expression.type === 'integer' ||
    expression.type === 'boolean'
    ? expression.value
    : undefined;
}

function dropKey(table: Table, name: string): void {
  table.keys = table.keys.filter((key) => key.name !== name);
}

function renameColumn(table: Table, from: string, to: string): void {
  const field = table.fields.get(from);
  if (field === undefined) return;
  table.fields.delete(from);
  table.fields.set(to, { ...field, name: to, column: to });
  table.keys = table.keys.map((key) => ({
    ...key,
    fields: key.fields.map((each) => (each === from ? to : each)),
  }));
}
