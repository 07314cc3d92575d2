import type ts from 'typescript';
import { reachesPackage } from '../../program/imported-modules.js';
import type { ProgramContext } from '../../program/program-context.js';
import { getImportOrigin } from '../../program/value-origin.js';
import { getDeclaration } from '../../program/declared-symbol.js';
import { getClass } from '../entities/entity-class.js';
import {
  getEntityClassMethods,
  getEntityRelation,
  tableOfClass,
} from '../entities/entity-table.js';
import type { Effect, EffectNode } from '../effect.js';
import { getChain, type Chain } from '../query/chain.js';
import { callEffect, type Method } from '../query/methods.js';
import type { Table } from '../query/query.js';
import { toTransaction } from '../query/transaction.js';
import { toPatch } from '../query/written-data.js';
import type { Resolver, Vocabulary } from '../vocabulary.js';

const PACKAGES = ['sequelize', 'sequelize-typescript', '@sequelize/core'];
const WHERE = { where: '0.where', lock: '0.lock', order: '0.order' } as const;

const METHODS: Readonly<Record<string, Method>> = {
  findOne: { operation: 'read', result: 'one', ...WHERE },
  findByPk: { operation: 'read', result: 'one', key: '0', lock: '1.lock' },
  findAll: { operation: 'read', result: 'many', ...WHERE },
  count: { operation: 'read', result: 'count', where: '0.where' },
  max: { operation: 'read', result: 'aggregate', where: '1.where' },
  min: { operation: 'read', result: 'aggregate', where: '1.where' },
  sum: { operation: 'read', result: 'aggregate', where: '1.where' },
  create: { operation: 'insert', data: '0' },
  bulkCreate: { operation: 'insert', data: '0', ignores: '1.ignoreDuplicates' },
  update: { operation: 'update', where: '1.where', data: '0' },
  increment: { operation: 'update', where: '1.where', isAtomic: true },
  decrement: { operation: 'update', where: '1.where', isAtomic: true },
  destroy: { operation: 'delete', where: '0.where' },
  upsert: { operation: 'upsert', data: '0' },
  // It finds and inserts as two statements, so a key has to see to it that there is one.
  findOrCreate: { operation: 'insert', data: '0.defaults', conflict: 'ignores' },
};

/** What is done to one row, by its entity. */
const OF_ENTITY: ReadonlySet<string> = new Set([
  'save',
  'update',
  'destroy',
  'increment',
  'decrement',
  'reload',
]);

/** Models of Sequelize, known by the class that they extend. */
export const sequelize: Vocabulary = {
  name: 'sequelize',
  methods: new Set([...Object.keys(METHODS), ...OF_ENTITY, 'transaction']),
  conflictErrors: new Set(['UniqueConstraintError', 'SequelizeUniqueConstraintError']),
  appliesTo: (context, file) => reachesPackage(context, file, PACKAGES),
  recognise,
  relationOf: getEntityRelation,
  methodsOf: getEntityClassMethods,
};

function recognise({ context }: Resolver, node: EffectNode): Effect | null {
  const { ts } = context;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return null;
  const chain = getChain(context, node);
  const link = chain?.links.at(-1);
  if (!chain || !link) return null;
  if (link.name === 'transaction') return toTransaction(context, node);
  const method = METHODS[link.name];
  const table = method && tableOf(context, chain);
  if (table) return callEffect(context, link.args, method, table);
  if (method && isStaticThis(context, chain.root)) {
    const effect = callEffect(context, link.args, method, { model: '', schema: null });
    return { kind: 'open', library: 'sequelize', owner: chain.root, effect };
  }
  return OF_ENTITY.has(link.name) && chain.links.length === 1
    ? entityEffect(context, link.name, node.expression.expression, link.args)
    : null;
}

/** `User`, `User.scope('…')`, `User.unscoped()` */
function tableOf(context: ProgramContext, { root, links }: Chain): Table | null {
  const isScoped = links.slice(0, -1).every(({ name }) => /scope/i.test(name));
  if (!root || !isScoped) return null;
  const { ts } = context;
  const owner = root.kind === ts.SyntaxKind.ThisKeyword ? classAround(context, root) : null;
  const node = owner ?? getClass(context, root);
  if (node && isModel(context, node)) {
    return isAbstract(context, node) ? null : tableOfClass(context, 'sequelize', node);
  }
  return defined(context, root);
}

/** `sequelize.define('user', …)` */
function defined(context: ProgramContext, root: ts.Expression): Table | null {
  const declaration = getDeclaration(context, root);
  const path = getImportOrigin(context, root);
  if (!declaration || !path || !PACKAGES.includes(path.module)) return null;
  if (!path.path.includes('.define')) return null;
  return { model: `sequelize:${root.getText()}`, schema: null };
}

function isModel(context: ProgramContext, node: ts.ClassLikeDeclaration): boolean {
  const origin = node.name && getImportOrigin(context, node.name);
  return origin != null && PACKAGES.includes(origin.module);
}

function isAbstract({ ts }: ProgramContext, node: ts.ClassLikeDeclaration): boolean {
  return (
    node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword) === true ||
    node.name?.text.endsWith('Model') === true
  );
}

function classAround({ ts }: ProgramContext, node: ts.Node): ts.ClassLikeDeclaration | null {
  return ts.findAncestor(node, ts.isClassLike) ?? null;
}

/** `this` in a static method: the class that it is called on. */
function isStaticThis({ ts }: ProgramContext, root: ts.Expression | null): root is ts.Expression {
  if (root?.kind !== ts.SyntaxKind.ThisKeyword) return false;
  const member = ts.findAncestor(root, ts.isClassElement);
  return (
    member !== undefined &&
    ts.canHaveModifiers(member) &&
    ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) === true
  );
}

function entityEffect(
  context: ProgramContext,
  method: string,
  entity: ts.Expression,
  args: readonly ts.Expression[],
): Effect {
  const rows = { kind: 'named', node: entity } as const;
  const others = args.slice(1);
  const write = {
    kind: 'write',
    model: null,
    rows,
    outcome: 'nothing',
    library: 'sequelize',
    others,
  } as const;
  switch (method) {
    case 'save':
      return { kind: 'store', model: null, entity, library: 'sequelize', others: [] };
    case 'reload':
      return { kind: 'reload', entity, options: args[0] ?? null, library: 'sequelize', others: [] };
    case 'destroy':
      return { ...write, operation: 'delete', patch: null };
    case 'update':
      return { ...write, operation: 'update', patch: toPatch(context, args[0] ?? null) };
    default:
      return { ...write, operation: 'update', patch: null };
  }
}
