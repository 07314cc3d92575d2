import { reachesPackage } from '../../program/imported-modules.js';
import type { Effect, EffectNode, WriteEffect } from '../effect.js';
import { getOption, getOptions } from '../object-options.js';
import { getChain } from '../query/chain.js';
import { callEffect, type Method } from '../query/methods.js';
import { toTransaction } from '../query/transaction.js';
import type { Resolver, Vocabulary } from '../vocabulary.js';
import { getMongooseModel } from './mongoose-model.js';
import { getUpdate } from './mongoose-update.js';

const METHODS: Readonly<Record<string, Method>> = {
  find: { operation: 'read', result: 'many', where: '0' },
  findOne: { operation: 'read', result: 'one', where: '0' },
  findById: { operation: 'read', result: 'one', key: '0' },
  exists: { operation: 'read', result: 'count', where: '0' },
  countDocuments: { operation: 'read', result: 'count', where: '0' },
  count: { operation: 'read', result: 'count', where: '0' },
  create: { operation: 'insert', data: '0' },
  insertMany: { operation: 'insert', data: '0' },
  updateOne: { operation: 'update', where: '0', data: '1' },
  updateMany: { operation: 'update', where: '0', data: '1' },
  findOneAndUpdate: { operation: 'update', where: '0', data: '1', outcome: 'row' },
  findByIdAndUpdate: { operation: 'update', key: '0', data: '1', outcome: 'row' },
  deleteOne: { operation: 'delete', where: '0' },
  deleteMany: { operation: 'delete', where: '0' },
  findOneAndDelete: { operation: 'delete', where: '0', outcome: 'row' },
  findByIdAndDelete: { operation: 'delete', key: '0', outcome: 'row' },
};

/** What may follow, and changes nothing of what is read or written. */
const FURTHER = [
  'exec',
  'lean',
  'session',
  'select',
  'sort',
  'limit',
  'populate',
  'orFail',
  'skip',
];
const OF_DOCUMENT: ReadonlySet<string> = new Set(['save', 'deleteOne', 'updateOne', 'remove']);

/** Models and documents of Mongoose. */
export const mongoose: Vocabulary = {
  name: 'mongoose',
  methods: new Set([...Object.keys(METHODS), ...FURTHER, ...OF_DOCUMENT, 'withTransaction']),
  conflictErrors: new Set(['11000', 'E11000', 'MongoServerError']),
  appliesTo: (context, file) => reachesPackage(context, file, ['mongoose', '@nestjs/mongoose']),
  recognise,
};

function recognise({ context }: Resolver, node: EffectNode): Effect | null {
  const { ts } = context;
  if (!ts.isCallExpression(node)) return null;
  const chain = getChain(context, node);
  const [first, ...rest] = chain?.links ?? [];
  if (!chain || !first) return null;
  if (first.name === 'withTransaction' || first.name === 'transaction') {
    return toTransaction(context, node);
  }
  const method = METHODS[first.name];
  const isQuery = chain.root !== null && rest.every(({ name }) => FURTHER.includes(name));
  const table = method && isQuery && chain.root ? getMongooseModel(context, chain.root) : null;
  if (method && table) {
    const effect = callEffect(context, first.args, method, table);
    if (effect.kind !== 'write' || effect.operation === 'delete') return effect;
    const upsert = getOption(context, getOptions(context, first.args[2]), 'upsert');
    const write: WriteEffect = { ...effect, patch: getUpdate(context, first.args[1]) };
    return upsert ? { ...write, outcome: 'nothing' } : write;
  }
  const { expression } = node;
  if (!ts.isPropertyAccessExpression(expression) || !OF_DOCUMENT.has(first.name)) return null;
  const entity = expression.expression;
  if (first.name === 'save') {
    return { kind: 'store', model: null, entity, library: 'mongoose', others: [] };
  }
  const isUpdate = first.name === 'updateOne';
  return {
    kind: 'write',
    operation: isUpdate ? 'update' : 'delete',
    model: null,
    rows: { kind: 'named', node: entity },
    patch: isUpdate ? getUpdate(context, first.args[0]) : null,
    outcome: 'nothing',
    library: 'mongoose',
    others: [],
  };
}
