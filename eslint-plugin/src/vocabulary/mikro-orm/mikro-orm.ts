import type ts from 'typescript';
import { reachesPackage } from '../../program/imported-modules.js';

import { getClass, hasDecorator } from '../entities/entity-class.js';
import {
  getEntityClassMethods,
  getEntityRelation,
  tableOfClass,
} from '../entities/entity-table.js';
import type { Effect, EffectNode } from '../effect.js';
import { callEffect, type Method } from '../query/methods.js';
import { isolationOf, toTransaction } from '../query/transaction.js';
import type { Resolver, Vocabulary } from '../vocabulary.js';
import { getRepositoryClass } from './mikro-orm-repository.js';

const LIBRARY = 'mikro-orm';

/** The methods of a repository; those of an entity manager take the entity before. */
const METHODS: Readonly<Record<string, Method>> = {
  findOne: { operation: 'read', result: 'one', key: '0', lock: '1.lockMode' },
  findOneOrFail: { operation: 'read', result: 'one', key: '0', lock: '1.lockMode' },
  find: { operation: 'read', result: 'many', where: '0', lock: '1.lockMode' },
  findAll: { operation: 'read', result: 'many', where: '0.where' },
  count: { operation: 'read', result: 'count', where: '0' },
  create: { operation: 'insert', data: '0' },
  insert: { operation: 'insert', data: '0' },
  insertMany: { operation: 'insert', data: '0' },
  upsert: { operation: 'upsert', data: '0' },
  nativeUpdate: { operation: 'update', where: '0', data: '1' },
  nativeDelete: { operation: 'delete', where: '0' },
};

/** Entity managers and repositories of MikroORM, known by the entities that they name. */
export const mikroOrm: Vocabulary = {
  name: LIBRARY,
  methods: new Set([
    ...Object.keys(METHODS),
    'flush',
    'persist',
    'persistAndFlush',
    'remove',
    'removeAndFlush',
    'lock',
    'refresh',
    'transactional',
  ]),
  conflictErrors: new Set(['UniqueConstraintViolationException']),
  appliesTo: (context, file) => reachesPackage(context, file, ['@mikro-orm']),
  recognise,
  relationOf: getEntityRelation,
  methodsOf: getEntityClassMethods,
};

function recognise({ context }: Resolver, node: EffectNode): Effect | null {
  const { ts } = context;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return null;
  const { name, expression: receiver } = node.expression;
  const [first, ...rest] = node.arguments;
  switch (name.text) {
    case 'transactional': {
      const transaction = toTransaction(context, node);
      return transaction && { ...transaction, isolation: isolationOf(node.getText()) };
    }
    case 'flush':
      return { kind: 'flush', library: LIBRARY, others: [] };
    case 'persistAndFlush':
      return first
        ? { kind: 'store', model: null, entity: first, library: LIBRARY, others: rest }
        : null;
    case 'lock':
    case 'refresh':
      return first
        ? { kind: 'reload', entity: first, options: rest[0] ?? null, library: LIBRARY, others: [] }
        : null;
    case 'remove':
    case 'removeAndFlush':
      return first ? removal(first) : null;
    default:
  }
  const method = METHODS[name.text];
  if (!method) return null;
  const managed = first ? getClass(context, first) : null;
  if (managed && hasDecorator(context, managed, /^Entity$/)) {
    return callEffect(context, rest, method, tableOfClass(context, LIBRARY, managed));
  }
  const entity = getRepositoryClass(context, receiver);
  return entity
    ? callEffect(context, node.arguments, method, tableOfClass(context, LIBRARY, entity))
    : null;
}

function removal(entity: ts.Expression): Effect {
  return {
    kind: 'write',
    operation: 'delete',
    model: null,
    rows: { kind: 'named', node: entity },
    patch: null,
    outcome: 'nothing',
    library: LIBRARY,
    others: [],
  };
}
