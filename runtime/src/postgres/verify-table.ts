import type { Table } from '../adapter/adapter.js';
import type { TableProblem } from '../errors/model-errors.js';
import { declaredFields } from '../model/field-names.js';
import { bindFields, idColumnName, type CatalogColumn, type Column } from './field-columns.js';
import { askSchema, deepKindOf, isRefused, SOME_VALUES } from '../model/schema-verdict.js';
import { noColumn, tableProblem, type ColumnProblem } from './table-problems.js';
import type { TableRelation } from './table-relation.js';

/** Compares a model with its table; returns all that does not fit. */
export async function verifyTable(
  table: Table,
  catalog: readonly CatalogColumn[],
  relation: TableRelation,
): Promise<readonly TableProblem[]> {
  const { model, name } = table;
  const whole = tableProblem(table, catalog);
  const bound = bindFields(table, catalog);
  const problems = [
    whole ?? keyProblem(table, catalog, relation),
    // Without the table there is nothing to say of its columns.
    ...(catalog.length === 0
      ? []
      : [
          ...(await missingColumns(table, catalog, bound)),
          ...bound.map((column) => privilegeProblem(table, column)),
          ...bound.map((column) => generatedProblem(table, column, relation)),
          ...(await Promise.all(bound.map((column) => typeProblem(table, column)))),
        ]),
  ];
  return problems
    .filter((each) => each !== undefined)
    .map(({ field, column, problem }) => {
      const of = field === undefined ? model.name : `${model.name}.${field}`;
      return { model: model.name, table: name, field, column, message: `${of}: ${problem}` };
    });
}

function keyProblem(
  table: Table,
  catalog: readonly CatalogColumn[],
  { hasTupleIds }: TableRelation,
): ColumnProblem | undefined {
  const id = catalog.find(({ name }) => name === idColumnName(table));
  // Of a view nothing is known.
  if (id === undefined || id.isUnique || !hasTupleIds) return undefined;
  const problem =
    `the column ${table.name}.${id.name} is not unique, so an id may be that of several rows. ` +
    'Make it the primary key, or unique.';
  return { sqlState: '42830', problem, column: id.name };
}

async function missingColumns(
  table: Table,
  catalog: readonly CatalogColumn[],
  bound: readonly Column[],
): Promise<readonly ColumnProblem[]> {
  const declared = declaredFields(table.model)?.names;
  // A schema that does not tell its fields names those that it misses.
  const names = declared ?? (await askSchema(table.model, {})).refused;
  const known = new Set(bound.map(({ field }) => field));
  const all = new Set([...names, ...Object.keys(table.columns ?? {})]);
  return [...all]
    .filter((field) => !known.has(field))
    .map((field) => noColumn(table, catalog, field));
}

function privilegeProblem({ name }: Table, column: Column): ColumnProblem | undefined {
  if (column.isReadable) return undefined;
  const problem = `the user may not read the column ${name}.${column.name}. Grant SELECT on it.`;
  return { sqlState: '42501', problem, field: column.field, column: column.name };
}

/** A field that the database is said to compute, and does not; a trigger or what lies behind a view may. */
function generatedProblem(
  { model, name }: Table,
  { field, name: column, isGenerated, hasDefault, isNullable }: Column,
  { hasEffects }: TableRelation,
): ColumnProblem | undefined {
  if (!model.generated.has(field) || isGenerated || hasDefault || isNullable || hasEffects)
    return undefined;
  const problem = `the model says that the database computes it, and the column ${name}.${column} has no default. Give it one.`;
  return { sqlState: '23502', problem, field, column };
}

/** A field whose schema takes no value of its column, but values of another kind. */
async function typeProblem(
  { model, name }: Table,
  { field, codec, type, name: column }: Column,
): Promise<ColumnProblem | undefined> {
  const samples = codec.samples.flatMap((sample) => codec.candidates(sample));
  const kinds = new Set(samples.map(deepKindOf));
  let hasOther = false;
  for (const value of [...samples, ...SOME_VALUES]) {
    if (value === undefined) continue;
    const entity = { [field]: value };
    if (isRefused(await askSchema(model, entity), entity, field)) continue;
    if (kinds.has(deepKindOf(value))) return undefined;
    hasOther = true;
  }
  // A schema that takes nothing of all this may still take what is in the table.
  if (!hasOther) return undefined;
  const problem =
    `the column ${name}.${column} is ${type.name}, and the field's schema takes no such value. ` +
    "Change the schema or the column's type.";
  return { sqlState: '42804', problem, field, column };
}
