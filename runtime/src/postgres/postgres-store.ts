import { createStore } from '../engine/create-store.js';
import { InvalidOptionError } from '../errors/store-errors.js';
import type { Store } from '../store/store.js';
import { ConnectionFactory } from './connection-factory.js';
import { PostgresAdapter } from './postgres-adapter.js';
import type { DriverOptions, PostgresStoreOptions } from './postgres-options.js';

/**
 * A store in a PostgreSQL database, version 14 or later. It connects when it is first used.
 *
 * The field `ownerId` of a model is the column `"ownerId"` of its table, or else `owner_id`, and `id`, of type `text`, `varchar`,
 * `char`, `uuid`, `smallint`, `integer` or `bigint`, is the key; other names are told to `repository`. An entity's values are what its schema accepts: a `bigint` column is a bigint, a number or text, a
 * `timestamptz` column a `Date` or ISO 8601 text, NULL is `null` or no value. What a number cannot hold exactly is an
 * error, never a rounded number. A `Date` has milliseconds: let the column be `timestamptz(3)`, or the field text, if more
 * matters. Columns that the schema does not know are left alone. Text has the order of its column's collation, so that an
 * index serves it; the memory store's order is that of `collate "C"`. The names of an enum are ordered as such text.
 *
 * @param urlOrOptions - a `postgres://` url, or the options of the driver, the package `postgres`. Of a url it knows what libpq,
 *   node-postgres and Prisma write there (several hosts, unix sockets, `sslmode` and `sslrootcert`, `schema`,
 *   `connection_limit`, `pgbouncer`), leaves alone what is for other clients, and hands the rest to the server as settings.
 *   The store decides about `max`, the timeouts, `types` and `transform` itself
 * @throws {@link InvalidOptionError} for a url or an option that cannot be used
 */
export function postgresStore(
  urlOrOptions: string | DriverOptions,
  options: PostgresStoreOptions = {},
): Store {
  const factory = new ConnectionFactory(urlOrOptions, options);
  return createStore(new PostgresAdapter(factory, listenFactoryOf(options) ?? factory), options);
}

function listenFactoryOf(options: PostgresStoreOptions): ConnectionFactory | undefined {
  if (options.listenUrl === undefined) return undefined;
  try {
    return new ConnectionFactory(options.listenUrl, options);
  } catch (error) {
    throw error instanceof InvalidOptionError
      ? new InvalidOptionError('listenUrl', error.reason)
      : error;
  }
}
