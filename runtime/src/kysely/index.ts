import {
  CompiledQuery,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
} from 'kysely';
import { InvalidOptionError } from '../errors/store-errors.js';
import type { Store } from '../store/store.js';

/** The part of a Kysely that reads: joins, aggregates, `sql` templates. Writes belong to repositories. */
export type ReadonlyKysely<DB> = Pick<
  Kysely<DB>,
  | 'case'
  | 'dynamic'
  | 'executeQuery'
  | 'fn'
  | 'getExecutor'
  | 'selectFrom'
  | 'selectNoFrom'
  | 'with'
  | 'withRecursive'
>;

/**
 * A Kysely that reads through a store on Postgres, with `Store.read`: inside a transaction it sees what that has written, and the
 * server refuses everything that is no read. `bigint` and `numeric` are text, times are `Date`s.
 *
 * @param store - what `postgresStore` returned
 */
export function kyselyOf<DB>(store: Store): ReadonlyKysely<DB> {
  return new Kysely<DB>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new StoreDriver(store),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

class StoreDriver implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(store: Store) {
    this.#connection = new StoreConnection(store);
  }

  async init(): Promise<void> {}

  acquireConnection(): Promise<DatabaseConnection> {
    return Promise.resolve(this.#connection);
  }

  beginTransaction(): Promise<never> {
    return Promise.reject(
      new InvalidOptionError('transaction()', 'reads join store.transaction() by themselves'),
    );
  }

  async commitTransaction(): Promise<void> {}

  async rollbackTransaction(): Promise<void> {}

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}

class StoreConnection implements DatabaseConnection {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async executeQuery<R>({ sql, parameters, query }: CompiledQuery): Promise<QueryResult<R>> {
    if (query.kind !== 'SelectQueryNode' && query.kind !== 'RawNode') {
      throw new InvalidOptionError(
        query.kind,
        'a Kysely of a store reads only; write with its repositories',
      );
    }
    return { rows: await this.#store.read<R & object>(sql, parameters) };
  }

  streamQuery(): never {
    throw new InvalidOptionError('stream()', 'a Kysely of a store reads whole results');
  }
}
