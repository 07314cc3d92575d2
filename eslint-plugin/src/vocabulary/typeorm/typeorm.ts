import type ts from 'typescript';
import { reachesPackage } from '../../program/imported-modules.js';
import type { ProgramContext } from '../../program/program-context.js';
import {
  getEntityClassMethods,
  getEntityRelation,
  tableOfClass,
} from '../entities/entity-table.js';
import type { Effect, EffectNode } from '../effect.js';
import { getChain, linkOf, type Chain } from '../query/chain.js';
import { callEffect, type Method } from '../query/methods.js';
import { toEffect, type Table } from '../query/query.js';
import { isolationOf, toTransaction } from '../query/transaction.js';
import type { Resolver, Vocabulary } from '../vocabulary.js';
import { BUILDER_ENDS, getBuilderQuery } from './typeorm-query-builder.js';
import { getEntityClass, getRepositoryEntity, type EntityName } from './typeorm-repository.js';

const WHERE = { where: '0.where', lock: '0.lock', order: '0.order' } as const;

/** The methods of a repository; those of a manager take the entity before. */
const METHODS: Readonly<Record<string, Method>> = {
  find: { operation: 'read', result: 'many', ...WHERE },
  findBy: { operation: 'read', result: 'many', where: '0' },
  findByIds: { operation: 'read', result: 'many' },
  findOne: { operation: 'read', result: 'one', ...WHERE },
  findOneBy: { operation: 'read', result: 'one', where: '0' },
  findOneOrFail: { operation: 'read', result: 'one', ...WHERE },
  findOneByOrFail: { operation: 'read', result: 'one', where: '0' },
  count: { operation: 'read', result: 'count', where: '0.where' },
  countBy: { operation: 'read', result: 'count', where: '0' },
  exists: { operation: 'read', result: 'count', where: '0.where' },
  exist: { operation: 'read', result: 'count', where: '0.where' },
  existsBy: { operation: 'read', result: 'count', where: '0' },
  sum: { operation: 'read', result: 'aggregate', where: '1' },
  maximum: { operation: 'read', result: 'aggregate', where: '1' },
  minimum: { operation: 'read', result: 'aggregate', where: '1' },
  insert: { operation: 'insert', data: '0' },
  update: { operation: 'update', key: '0', data: '1' },
  upsert: { operation: 'upsert', data: '0' },
  increment: { operation: 'update', where: '0', isAtomic: true },
  decrement: { operation: 'update', where: '0', isAtomic: true },
  delete: { operation: 'delete', key: '0' },
  softDelete: { operation: 'delete', key: '0' },
};

const OF_ENTITY: ReadonlySet<string> = new Set(['save', 'remove', 'softRemove']);

/** Repositories, managers and query builders of TypeORM, known by the entities that they name. */
export const typeorm: Vocabulary = {
  name: 'typeorm',
  methods: new Set([...Object.keys(METHODS), ...OF_ENTITY, ...BUILDER_ENDS, 'transaction']),
  conflictErrors: new Set(['23505', 'ER_DUP_ENTRY', 'QueryFailedError']),
  appliesTo: (context, file) => reachesPackage(context, file, ['typeorm', '@nestjs/typeorm']),
  recognise,
  relationOf: getEntityRelation,
  methodsOf: getEntityClassMethods,
};

function recognise({ context }: Resolver, node: EffectNode): Effect | null {
  const { ts } = context;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return null;
  const { name } = node.expression;
  if (name.text === 'transaction') {
    const transaction = toTransaction(context, node);
    return (
      transaction && { ...transaction, isolation: isolationOf(node.arguments[0]?.getText() ?? '') }
    );
  }
  const chain = getChain(context, node);
  if (!chain) return null;
  return BUILDER_ENDS.includes(name.text)
    ? builderEffect(context, chain)
    : methodEffect(context, node, name.text, node.expression.expression);
}

function methodEffect(
  context: ProgramContext,
  node: ts.CallExpression,
  name: string,
  receiver: ts.Expression,
): Effect | null {
  const [first, ...rest] = node.arguments;
  const managed = first ? getEntityClass(context, first) : null;
  if (managed) {
    const table = tableOfClass(context, 'typeorm', managed);
    return effectOf(context, name, rest, { table });
  }
  // `class User extends BaseEntity` has the methods of its repository.
  const entity = getRepositoryEntity(context, receiver) ?? getEntityClass(context, receiver);
  if (!entity) return isManager(receiver) ? managerEffect(context, name, node.arguments) : null;
  const isClass = context.ts.isClassLike(entity);
  if (isClass) {
    return effectOf(context, name, node.arguments, {
      table: tableOfClass(context, 'typeorm', entity),
    });
  }
  return effectOf(context, name, node.arguments, { owner: entity });
}

/** `manager.save(order)`: what is stored tells its entity. */
function managerEffect(
  context: ProgramContext,
  name: string,
  [entity]: readonly ts.Expression[],
): Effect | null {
  if (!entity) return null;
  if (name === 'save') {
    return { kind: 'store', model: null, entity, library: 'typeorm', others: [] };
  }
  if (name !== 'remove' && name !== 'softRemove') return null;
  return removal(entity);
}

function removal(entity: ts.Expression): Effect {
  return {
    kind: 'write',
    operation: 'delete',
    model: null,
    rows: { kind: 'named', node: entity },
    patch: null,
    outcome: 'nothing',
    library: 'typeorm',
    others: [],
  };
}

function isManager(node: ts.Expression): boolean {
  return /(?:manager|em|queryRunner|trx|tx)$/i.test(node.getText());
}

type Named = { readonly table: Table } | { readonly owner: ts.Expression };

function effectOf(
  context: ProgramContext,
  name: string,
  args: readonly ts.Expression[],
  named: Named,
): Effect | null {
  const table = 'table' in named ? named.table : { model: '', schema: null };
  const effect = repositoryEffect(context, name, args, table);
  if (!effect || 'table' in named) return effect;
  return { kind: 'open', library: 'typeorm', owner: named.owner, effect };
}

function repositoryEffect(
  context: ProgramContext,
  name: string,
  args: readonly ts.Expression[],
  table: Table,
): Effect | null {
  const [entity] = args;
  if (name === 'save') {
    return entity
      ? {
          kind: 'store',
          model: table.model,
          entity,
          keys: table.schema?.keys ?? null,
          others: args.slice(1),
        }
      : null;
  }
  if (name === 'remove' || name === 'softRemove') return entity ? removal(entity) : null;
  const method = METHODS[name];
  return method ? callEffect(context, args, method, table) : null;
}

function builderEffect(context: ProgramContext, chain: Chain): Effect | null {
  const { root, links } = chain;
  const made = links.findIndex(({ name }) => name === 'createQueryBuilder');
  if (made < 0 || !root) return null;
  const named = linkOf(chain, 'from', 'update', 'into', 'delete')?.args[0] ?? links[made]?.args[0];
  const entity =
    (named ? getEntityClass(context, named) : null) ??
    repositoryBefore(context, chain, made) ??
    null;
  if (!entity) return null;
  if (!context.ts.isClassLike(entity)) {
    const query = getBuilderQuery(context, chain, { model: '', schema: null });
    return query && { kind: 'open', library: 'typeorm', owner: entity, effect: toEffect(query) };
  }
  const query = getBuilderQuery(context, chain, tableOfClass(context, 'typeorm', entity));
  return query && toEffect(query);
}

/** The entity of the repository whose builder a chain is. */
function repositoryBefore(
  context: ProgramContext,
  { root, links }: Chain,
  made: number,
): EntityName | null {
  const got = links[made - 1];
  for (const argument of got?.args ?? []) {
    const entity = getEntityClass(context, argument);
    if (entity) return entity;
  }
  if (got) return /^get\w*Repository$/.test(got.name) ? (got.args.at(-1) ?? null) : null;
  return root ? getRepositoryEntity(context, root) : null;
}
