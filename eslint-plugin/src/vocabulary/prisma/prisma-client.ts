import type ts from 'typescript';
import { getPrismaTables } from '../../schema/program-schema.js';
import type { TableSchema } from '../../schema/table-schema.js';
import type { ImportOrigin } from '../../program/import-origin.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import type { Resolver } from '../vocabulary.js';

/** Ways from the package to a client, and from a client to one. */
const FIRST = /^(?:\* \.)?(?:PrismaClient (?:new|type)|Prisma \.TransactionClient type)/;
const FURTHER = /^(?: \.\$extends \(\)| \.\$transaction \(0\) \(0\)| \.\$on \(\))*$/;

/** What a client tends to be called where nothing says what it is. */
const CLIENT_NAME = /prisma|^(?:db|tx|trx|client|database)$/i;

/** What only the options of Prisma's methods are called. */
const OPTION =
  /^(?:where|data|create|update|select|include|orderBy|take|skip|distinct|by|_count|_sum|_max)$/;

/** Whether an expression is a client: by where it comes from. */
export function isClient({ originOf, context }: Resolver, node: ts.Expression): boolean {
  const isMade = isMadeBy(originOf(node));
  // What a framework hands to a handler, for example.
  return isMade ?? (CLIENT_NAME.test(lastName(context, node)) && isUntyped(context, node));
}

function isMadeByPackage({ originOf }: Resolver, node: ts.Expression): boolean {
  return isMadeBy(originOf(node)) === true;
}

/** Whether a way from a package leads to a client; `null` where it says nothing of that. */
function isMadeBy(origin: ImportOrigin | null): boolean | null {
  const path = origin?.path.join(' ') ?? '';
  const first = FIRST.exec(path);
  return first && FURTHER.test(path.slice(first[0].length));
}

/** A model whose schema is elsewhere: Prisma takes a name for a row only where it is one, and that mostly is `id`. */
function withoutSchema(delegate: string): TableSchema {
  const name = delegate.charAt(0).toUpperCase() + delegate.slice(1);
  const keys = [{ fields: ['id'], isPrimary: true, condition: null }];
  return { name, table: name, fields: new Map(), keys };
}

/**
 * The model behind `client.user`. Where a file does not say what the client is, such as in the context of a request, the
 * schema has a model of that name, the argument looks like Prisma's, and no type says that it is something else.
 */
export function getDelegate(
  resolver: Resolver,
  node: ts.Expression,
  argument: ts.Expression | undefined,
): TableSchema | null {
  const { context } = resolver;
  const delegate = unwrapExpression(context, node);
  if (!context.ts.isPropertyAccessExpression(delegate)) return null;
  const name = delegate.name.text;
  const tables = getPrismaTables(context, node.getSourceFile());
  const table = tables.find((each) => delegateName(each.name) === name);
  if (table === undefined) {
    return isMadeByPackage(resolver, delegate.expression) ? withoutSchema(name) : null;
  }
  if (isClient(resolver, delegate.expression)) return table;
  return isUntyped(context, delegate) && looksLikeOptions(context, argument) ? table : null;
}

/** As Prisma names the property of a client for a model. */
function delegateName(model: string): string {
  return model.charAt(0).toLowerCase() + model.slice(1);
}

function lastName({ ts }: Resolver['context'], node: ts.Expression): string {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  return ts.isIdentifier(node) ? node.text : '';
}

/** Whether types say nothing: the package that would know is not installed. */
function isUntyped({ ts, checker }: Resolver['context'], node: ts.Expression): boolean {
  return (checker.getTypeAtLocation(node).flags & ts.TypeFlags.Any) !== 0;
}

function looksLikeOptions(
  { ts }: Resolver['context'],
  argument: ts.Expression | undefined,
): boolean {
  return (
    argument !== undefined &&
    ts.isObjectLiteralExpression(argument) &&
    argument.properties.some(({ name }) => name !== undefined && OPTION.test(name.getText()))
  );
}
