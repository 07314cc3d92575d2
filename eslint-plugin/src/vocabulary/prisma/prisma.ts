import type ts from 'typescript';
import { reachesPackage } from '../../program/imported-modules.js';
import { getCalledName } from '../../program/called-name.js';
import { getPrismaSchema } from '../../schema/program-schema.js';
import type { Effect, EffectNode } from '../effect.js';
import { getSqlEffect, type SqlTables } from '../sql/sql-effect.js';
import { getTemplateText } from '../sql/sql-text.js';
import type { RelatedRows, Resolver, Vocabulary } from '../vocabulary.js';
import type { ProgramContext } from '../../program/program-context.js';
import { getDelegate, isClient } from './prisma-client.js';
import { DELEGATE_METHODS, modelOf, toEffect } from './prisma-operations.js';
import { idFieldOf } from './prisma-where.js';

/** Where the generated client may be imported from; a folder of one's own is known by the name that is imported. */
const PACKAGES = ['@prisma/client', '.prisma/client'];

/** Clients of `@prisma/client`, known by their imports; their models, by `schema.prisma`. */
export const prisma: Vocabulary = {
  name: 'prisma',
  methods: new Set([...DELEGATE_METHODS, '$transaction', '$queryRaw', '$executeRaw']),
  conflictErrors: new Set(['P2002']),
  appliesTo: (context, file) => reachesPackage(context, file, PACKAGES),
  recognise,
  relationOf,
  isCounts: (field) => field === '_count',
};

function relationOf(context: ProgramContext, model: string, name: string): RelatedRows | null {
  const { tables } = getPrismaSchema(context);
  const field = tables.find((table) => modelOf(table) === model)?.fields.get(name);
  const other = tables.find((table) => table.name === field?.relation?.model);
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
  const model = getDelegate(resolver, called.receiver, node.arguments[0]);
  return model && toEffect(context, called.name, model, node);
}

/** `$queryRaw` and `$executeRaw` with a template. */
function recogniseSql(resolver: Resolver, node: ts.TaggedTemplateExpression): Effect | null {
  const { context } = resolver;
  const { tag } = node;
  if (!context.ts.isPropertyAccessExpression(tag) || !isClient(resolver, tag.expression))
    return null;
  return getSqlEffect(getTemplateText(context, node), tablesOf(resolver));
}

function tablesOf({ context }: Resolver): SqlTables {
  const { tables } = getPrismaSchema(context);
  const schemaOf: SqlTables['schemaOf'] = (name) =>
    tables.find(({ table }) => table === name) ?? null;
  return { schemaOf, modelOf: (name) => modelOf(schemaOf(name) ?? { name }) };
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
