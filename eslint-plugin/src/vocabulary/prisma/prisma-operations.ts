import type { TableSchema } from '../../schema/table-schema.js';
import type { Method } from '../query/methods.js';

const WHERE = '0.where';

/** The methods of `client.user` and its like. */
export const DELEGATE_METHODS: Readonly<Record<string, Method>> = {
  findUnique: { operation: 'read', result: 'one', where: WHERE },
  findUniqueOrThrow: { operation: 'read', result: 'one', where: WHERE },
  findFirst: { operation: 'read', result: 'one', where: WHERE, order: '0.orderBy' },
  findFirstOrThrow: { operation: 'read', result: 'one', where: WHERE, order: '0.orderBy' },
  findMany: { operation: 'read', result: 'many', where: WHERE, order: '0.orderBy' },
  count: { operation: 'read', result: 'count', where: WHERE },
  aggregate: { operation: 'read', result: 'aggregate', where: WHERE },
  groupBy: { operation: 'read', result: 'aggregate', where: WHERE },
  update: { operation: 'update', where: WHERE, data: '0.data', outcome: 'throws' },
  updateMany: { operation: 'update', where: WHERE, data: '0.data', outcome: 'count' },
  updateManyAndReturn: { operation: 'update', where: WHERE, data: '0.data', outcome: 'row' },
  delete: { operation: 'delete', where: WHERE, outcome: 'throws' },
  deleteMany: { operation: 'delete', where: WHERE, outcome: 'count' },
  create: { operation: 'insert', data: '0.data' },
  createMany: { operation: 'insert', data: '0.data', ignores: '0.skipDuplicates' },
  createManyAndReturn: { operation: 'insert', data: '0.data', ignores: '0.skipDuplicates' },
  upsert: { operation: 'upsert', where: WHERE, data: '0.update', inserted: '0.create' },
};

/** The name of a model, as the flow analysis knows it. */
export function modelOf({ name, origin }: Pick<TableSchema, 'name' | 'origin'>): string {
  return origin === undefined ? `prisma:${name}` : `prisma:${name}#${origin}`;
}
