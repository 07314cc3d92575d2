import { EntityNotFoundError } from '../errors/entity-errors.js';
import { shown } from '../errors/shown.js';
import { InvalidOptionError } from '../errors/store-errors.js';
import type { FieldValues } from '../model/field-values.js';
import type { ModelDescription } from '../model/model-description.js';
import { refuseUnknownOptions } from '../model/option-names.js';
import { ownEntries } from '../model/own-entries.js';
import { refModel, refOf } from '../model/refs.js';
import type { Adapter, StoredRow } from '../adapter/adapter.js';
import type { OrderTerm, Query } from '../adapter/query.js';
import { isField, parseWhere } from './conditions.js';

/** The options of `find`, as they come from a caller. */
export interface UncheckedFindOptions {
  readonly orderBy?: unknown;
  readonly limit?: unknown;
  readonly after?: unknown;
  readonly signal?: unknown;
}

const FIND_OPTIONS = { orderBy: true, limit: true, after: true, signal: true } as const;

/**
 * Turns the arguments of `find` into a query.
 *
 * @param read - reads the row of an id, for `after`
 * @throws {@link InvalidOptionError} for an option that cannot be used
 * @throws {@link ValidationError} for a value that no entity can have
 * @throws {@link EntityNotFoundError} when the entity of a `Ref` in `after` is gone
 */
export async function buildQuery(
  model: ModelDescription,
  adapter: Adapter,
  where: unknown,
  options: UncheckedFindOptions,
  read: (id: string) => Promise<StoredRow | undefined>,
): Promise<Query> {
  refuseUnknownOptions<UncheckedFindOptions>('find()', options, FIND_OPTIONS);
  const orderBy = parseOrder(model, options.orderBy);
  return {
    where: parseWhere(model, where, adapter),
    orderBy,
    limit: parseLimit(options.limit),
    after:
      options.after === undefined ? undefined : await position(model, orderBy, options.after, read),
  };
}

/** The order that a query has when none is asked for, and the end of every other. */
export const BY_ID: OrderTerm = { field: 'id', direction: 'asc' };

/** The terms up to the id, which is always the last. */
function parseOrder(model: ModelDescription, orderBy: unknown): readonly OrderTerm[] {
  if (orderBy === undefined) return [BY_ID];
  if (typeof orderBy === 'string') return parseOrder(model, { [orderBy]: 'asc' });
  const terms = typeof orderBy === 'object' ? ownEntries(orderBy) : '';
  if (typeof terms === 'string') {
    throw new InvalidOptionError('orderBy', "must be a field's name or { field: 'asc' | 'desc' }");
  }
  const order = terms.map(([field, direction]): OrderTerm => {
    if (direction !== 'asc' && direction !== 'desc') {
      throw new InvalidOptionError(`orderBy.${field}`, "must be 'asc' or 'desc'");
    }
    if (!isField(model, field)) {
      throw new InvalidOptionError(`orderBy.${field}`, `${model.name} has no field of this name`);
    }
    return { field, direction };
  });
  const idAt = order.findIndex(({ field }) => field === 'id');
  return idAt === -1 ? [...order, BY_ID] : order.slice(0, idAt + 1);
}

function parseLimit(limit: unknown): number | undefined {
  if (limit === undefined) return undefined;
  if (typeof limit === 'number' && Number.isSafeInteger(limit) && limit >= 0) return limit;
  throw new InvalidOptionError(
    'limit',
    `must be a whole number of at least 0, not ${shown(limit)}`,
  );
}

async function position(
  model: ModelDescription,
  orderBy: readonly OrderTerm[],
  after: unknown,
  read: (id: string) => Promise<StoredRow | undefined>,
): Promise<readonly unknown[]> {
  const { id } = refOf(model, after);
  if (orderBy.length === 1) return [id];

  let fields = after as FieldValues;
  if (refModel(after) !== undefined) {
    const row = await read(id);
    if (row === undefined) throw new EntityNotFoundError(model.name, [id]);
    fields = row.fields;
  }
  return orderBy.map(({ field }) => (field === 'id' ? id : fields[field]));
}
