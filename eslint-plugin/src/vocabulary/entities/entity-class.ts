import type ts from 'typescript';
import { getDeclaration } from '../../program/declared-symbol.js';
import type { ProgramContext } from '../../program/program-context.js';
import type { FieldSchema, Relation, TableSchema, UniqueKey } from '../../schema/table-schema.js';
import { getOption, getOptions } from '../object-options.js';
import { getConstantText } from '../query/constant-text.js';

const PRIMARY =
  /^(?:PrimaryGeneratedColumn|PrimaryColumn|PrimaryKey|SerializedPrimaryKey|ObjectIdColumn)$/;
const RELATION =
  /^(?:OneToMany|ManyToOne|ManyToMany|OneToOne|BelongsTo|HasMany|HasOne|BelongsToMany)$/;
const LIST = /^(?:OneToMany|ManyToMany|HasMany|BelongsToMany)$/;

const schemas = new WeakMap<ts.ClassLikeDeclaration, TableSchema>();

/** The class that an expression names. */
export function getClass(
  context: ProgramContext,
  node: ts.Expression,
): ts.ClassLikeDeclaration | null {
  const declaration = getDeclaration(context, node);
  return declaration && context.ts.isClassLike(declaration) ? declaration : null;
}

/** The names and arguments of a node's decorators. */
function decoratorsOf(
  { ts }: ProgramContext,
  node: ts.Node,
): readonly { readonly name: string; readonly args: readonly ts.Expression[] }[] {
  if (!ts.canHaveDecorators(node)) return [];
  return (ts.getDecorators(node) ?? []).map(({ expression }) =>
    ts.isCallExpression(expression)
      ? { name: lastName(expression.expression), args: expression.arguments }
      : { name: lastName(expression), args: [] },
  );
}

function lastName(node: ts.Expression): string {
  const text = node.getText();
  return text.slice(text.lastIndexOf('.') + 1);
}

/** Whether a class has one of some decorators. */
export function hasDecorator(
  context: ProgramContext,
  node: ts.ClassLikeDeclaration,
  names: RegExp,
): boolean {
  return decoratorsOf(context, node).some(({ name }) => names.test(name));
}

/** The fields, keys and relations that the decorators of an entity say, with those of the classes that it extends. */
export function getClassSchema(
  context: ProgramContext,
  node: ts.ClassLikeDeclaration,
): TableSchema {
  const known = schemas.get(node);
  if (known) return known;
  const name = node.name?.text ?? '';
  const empty: TableSchema = { name, table: name, fields: new Map(), keys: [] };
  schemas.set(node, empty);
  const base = baseOf(context, node);
  const inherited = base ? getClassSchema(context, base) : null;
  const fields = new Map<string, FieldSchema>(inherited?.fields ?? []);
  const keys: UniqueKey[] = [...(inherited?.keys ?? [])];
  for (const member of node.members) {
    if (!context.ts.isPropertyDeclaration(member)) continue;
    readMember(context, member, fields, keys);
  }
  for (const { name: decorator, args } of decoratorsOf(context, node)) {
    const key = readKey(context, decorator, args);
    if (key) keys.push(key);
  }
  const schema: TableSchema = { name, table: name, fields, keys };
  schemas.set(node, schema);
  return schema;
}

/** The class of the program that a class extends. */
export function baseOf(context: ProgramContext, node: ts.ClassLikeDeclaration) {
  const { ts } = context;
  const clause = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  const extended = clause?.types[0]?.expression;
  return extended ? getClass(context, extended) : null;
}

function readMember(
  context: ProgramContext,
  member: ts.PropertyDeclaration,
  fields: Map<string, FieldSchema>,
  keys: UniqueKey[],
): void {
  const decorators = decoratorsOf(context, member);
  if (decorators.length === 0) return;
  const field = member.name.getText();
  let relation: Relation | null = null;
  let isList = false;
  for (const { name, args } of decorators) {
    if (PRIMARY.test(name)) keys.push({ fields: [field], isPrimary: true, condition: null });
    const options = args.find((argument) => getOptions(context, argument) !== null);
    const unique = getOption(context, getOptions(context, options), 'unique');
    const isIndex = name === 'Unique' || (name === 'IsUnique' && args.length === 0);
    if (isIndex || unique?.kind === context.ts.SyntaxKind.TrueKeyword) {
      keys.push({ fields: [field], isPrimary: false, condition: null });
    }
    if (RELATION.test(name)) {
      relation = { model: relatedName(args[0]), fields: [], references: [] };
      isList = LIST.test(name);
    }
  }
  fields.set(field, {
    name: field,
    column: field,
    type: member.type?.getText() ?? '',
    isList,
    isNullable: member.questionToken !== undefined,
    hasDefault: false,
    ...(relation && { relation }),
  });
}

/** `Team` of `(type) => Team`, or of `'Team'`. */
function relatedName(node: ts.Expression | undefined): string {
  return /(\w+)\W*$/.exec(node?.getText() ?? '')?.[1] ?? '';
}

/** `@Unique(['team', 'name'])`, `@Index(['team', 'name'], { unique: true })`, `@Unique({ properties: […] })` */
function readKey(
  context: ProgramContext,
  name: string,
  args: readonly ts.Expression[],
): UniqueKey | null {
  const { ts } = context;
  if (name !== 'Unique' && name !== 'Index') return null;
  const options = args.map((argument) => getOptions(context, argument)).find((one) => one !== null);
  const isUnique =
    getOption(context, options ?? null, 'unique')?.kind === ts.SyntaxKind.TrueKeyword;
  if (name === 'Index' && !isUnique) return null;
  const list =
    args.find(ts.isArrayLiteralExpression) ?? getOption(context, options ?? null, 'properties');
  if (!list || !ts.isArrayLiteralExpression(list)) return null;
  const isPartial = getOption(context, options ?? null, 'where') !== null;
  const fields = list.elements.flatMap((element) => getConstantText(context, element) ?? []);
  return { fields, isPrimary: false, condition: isPartial ? 'unknown' : null };
}
