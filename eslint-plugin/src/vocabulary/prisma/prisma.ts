import type ts from 'typescript';
import { reachesName, reachesPackage } from '../../program/imported-modules.js';
import { getCalledName } from '../../program/called-name.js';
import { getAllPrismaTables, getPrismaTables } from '../../schema/program-schema.js';
import type { Effect, EffectNode } from '../effect.js';
import { getCallEffect } from '../sql/sql-call.js';
import { getSqlEffect, type SqlTables } from '../sql/sql-effect.js';
import { getTemplateText } from '../sql/sql-text.js';
import type { RelatedRows, Resolver, Vocabulary } from '../vocabulary.js';
import type { ProgramContext } from '../../program/program-context.js';
import { getDelegate, isClient } from './prisma-client.js';
import { callEffect } from '../query/methods.js';
import { idFieldOf } from '../../schema/primary-key.js';
import { DELEGATE_METHODS, modelOf } from './prisma-operations.js';

/** Where the generated client may be imported from. */
const PACKAGES = ['@prisma/client', '.prisma/client'];

/** Statements in SQL, as templates and as calls. */
const RAW = ['$queryRaw', '$executeRaw', '$queryRawUnsafe', '$executeRawUnsafe'];

/** Clients of `@prisma/client`, known by their imports; their models, by `schema.prisma`. */
export const prisma: Vocabulary = {
  name: 'prisma',
  methods: new Set([...Object.keys(DELEGATE_METHODS), '$transaction', ...RAW]),
  conflictErrors: new Set(['P2002']),
  // Generated into a folder of one's own, it is known by the name that is imported.
  appliesTo: (context, file) =>
    reachesPackage(context, file, PACKAGES) || reachesName(context, file, 'PrismaClient'),
  recognise,
  relationOf,
  isCounts: (field) => field === '_count',
};

function relationOf(context: ProgramContext, model: string, name: string): RelatedRows | null {
  const tables = getAllPrismaTables(context);
  const owner = tables.find((table) => modelOf(table) === model);
  const field = owner?.fields.get(name);
  const named = tables.filter((table) => table.name === field?.relation?.model);
  const other = named.find(({ origin }) => origin === owner?.origin) ?? named[0];
  if (!field?.relation || !other) return null;
  const [heldBy] = field.relation.fields;
  return {
    model: modelOf(other),
    isList: field.isList,
    idField: idFieldOf(other),
    heldBy: field.relation.fields.length === 1 && heldBy !== undefined ? heldBy : null,
  };
}

function recognise(resolver: Resolver, node: EffectNode): Effect | null {
  const { context } = resolver;
  if (context.ts.isTaggedTemplateExpression(node)) return recogniseSql(resolver, node);
  const called = getCalledName(context, node);
  if (!called?.receiver) return null;
  if (called.name === '$transaction') {
    return isClient(resolver, called.receiver) ? toTransaction(resolver, node) : null;
  }
  if (RAW.includes(called.name)) {
    return isClient(resolver, called.receiver)
      ? getCallEffect(context, node, tablesOf(resolver, node))
      : null;
  }
  const method = DELEGATE_METHODS[called.name];
  const schema = method && getDelegate(resolver, called.receiver, node.arguments[0]);
  return schema
    ? callEffect(context, node.arguments, method, { model: modelOf(schema), schema })
    : null;
}

/** `$queryRaw` and `$executeRaw` with a template. */
function recogniseSql(resolver: Resolver, node: ts.TaggedTemplateExpression): Effect | null {
  const { context } = resolver;
  const { tag } = node;
  if (!context.ts.isPropertyAccessExpression(tag) || !isClient(resolver, tag.expression))
    return null;
  return getSqlEffect(getTemplateText(context, node), tablesOf(resolver, node));
}

function tablesOf({ context }: Resolver, node: ts.Node): SqlTables {
  const tables = getPrismaTables(context, node.getSourceFile());
  const schemaOf: SqlTables['schemaOf'] = (name) =>
    tables.find(({ table }) => table === name) ?? null;
  return {
    library: 'prisma',
    schemaOf,
    modelOf: (name) => modelOf(schemaOf(name) ?? { name }),
  };
}

/** `$transaction(async (tx) => …, { isolationLevel })`, and `$transaction([…])` of statements that are sent as one. */
function toTransaction({ context: { ts } }: Resolver, node: ts.CallExpression): Effect {
  const [work = null, options] = node.arguments;
  const level = options && ts.isObjectLiteralExpression(options) ? options : undefined;
  const isolation = level?.properties.find(
    (property) => property.name?.getText() === 'isolationLevel',
  );
  const text = isolation?.getText() ?? '';
  return {
    kind: 'transaction',
    work,
    clientParameter: 0,
    isolation: text.includes('Serializable')
      ? 'serializable'
      : text.includes('RepeatableRead')
        ? 'repeatable read'
        : 'read committed',
    others: [],
  };
}
