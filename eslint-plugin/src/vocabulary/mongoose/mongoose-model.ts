import type ts from 'typescript';
import { getDeclaration } from '../../program/declared-symbol.js';
import type { ProgramContext } from '../../program/program-context.js';
import { getImportOrigin } from '../../program/value-origin.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import type { FieldSchema, TableSchema, UniqueKey } from '../../schema/table-schema.js';
import { getOption, getOptions, getPropertyValue } from '../object-options.js';
import { getConstantText } from '../query/constant-text.js';
import type { Table } from '../query/query.js';

/** The collection of a model: `mongoose.model('User', schema)`, or a field of the type `Model<User>`. */
export function getMongooseModel(context: ProgramContext, node: ts.Expression): Table | null {
  const { ts } = context;
  const declaration = getDeclaration(context, node);
  if (!declaration) return null;
  const { type, initializer } = declaration as ts.VariableDeclaration;
  const made = initializer && callIn(context, initializer);
  if (made && isOfMongoose(context, made.expression)) {
    const [name, schema] = made.arguments;
    const text = getConstantText(context, name);
    return text === null
      ? null
      : { model: `mongoose:${text}`, schema: schema ? readSchema(context, text, schema) : null };
  }
  if (!type || !ts.isTypeReferenceNode(type) || !type.typeName.getText().endsWith('Model'))
    return null;
  const [of] = type.typeArguments ?? [];
  const origin = ts.isIdentifier(type.typeName) ? getImportOrigin(context, type.typeName) : null;
  if (!of || (origin && origin.module !== 'mongoose')) return null;
  return { model: `mongoose:${of.getText().replace(/Document$/, '')}`, schema: null };
}

/** The call in `mongoose.models.User || mongoose.model('User', schema)`. */
function callIn({ ts }: ProgramContext, node: ts.Expression): ts.CallExpression | null {
  let value: ts.Expression = node;
  for (;;) {
    if (ts.isCallExpression(value)) return value;
    if (ts.isBinaryExpression(value)) value = value.right;
    else if (ts.isParenthesizedExpression(value) || ts.isAsExpression(value))
      value = value.expression;
    else return null;
  }
}

function isOfMongoose(context: ProgramContext, callee: ts.Expression): boolean {
  const name = callee.getText();
  if (!/(?:^|\.)model$/.test(name)) return false;
  const origin = getImportOrigin(context, callee);
  return origin === null ? name.startsWith('mongoose.') : origin.module === 'mongoose';
}

/** The fields of `new Schema({ email: { type: String, unique: true } })`, and the keys of `schema.index(…)`. */
function readSchema(
  context: ProgramContext,
  name: string,
  node: ts.Expression,
): TableSchema | null {
  const { ts } = context;
  const declaration = getDeclaration(context, node);
  const made =
    declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : node;
  const value = made && unwrapExpression(context, made);
  if (!value || !ts.isNewExpression(value)) return null;
  const fields = new Map<string, FieldSchema>();
  const keys: UniqueKey[] = [{ fields: ['_id'], isPrimary: true, condition: null }];
  for (const property of getOptions(context, value.arguments?.[0])?.properties ?? []) {
    const field = getPropertyValue(context, property);
    if (!field) continue;
    const options = getOptions(context, field.value);
    fields.set(field.name, {
      name: field.name,
      column: field.name,
      type: '',
      isList: ts.isArrayLiteralExpression(field.value),
      isNullable: true,
      hasDefault: getOption(context, options, 'default') !== null,
    });
    if (getOption(context, options, 'unique')?.kind === ts.SyntaxKind.TrueKeyword) {
      keys.push({ fields: [field.name], isPrimary: false, condition: null });
    }
  }
  keys.push(...(declaration ? readIndexes(context, declaration) : []));
  return { name, table: name, fields, keys };
}

/** `schema.index({ team: 1, name: 1 }, { unique: true })` in the file that declares the schema. */
function readIndexes(context: ProgramContext, declaration: ts.Declaration): readonly UniqueKey[] {
  const { ts } = context;
  const name = (declaration as ts.VariableDeclaration).name.getText();
  const found: UniqueKey[] = [];
  for (const statement of declaration.getSourceFile().statements) {
    const call = ts.isExpressionStatement(statement) ? statement.expression : null;
    if (!call || !ts.isCallExpression(call) || call.expression.getText() !== `${name}.index`)
      continue;
    const [columns, options] = call.arguments;
    const isUnique = getOption(context, getOptions(context, options), 'unique');
    if (isUnique?.kind !== ts.SyntaxKind.TrueKeyword) continue;
    const fields = (getOptions(context, columns)?.properties ?? []).flatMap(
      (property) => getPropertyValue(context, property)?.name ?? [],
    );
    const isPartial = getOption(context, getOptions(context, options), 'partialFilterExpression');
    found.push({ fields, isPrimary: false, condition: isPartial ? 'unknown' : null });
  }
  return found;
}
