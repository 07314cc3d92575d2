/** What of a package is a database client. */
export interface RawClient {
  readonly package: string;
  /** Exported values that are a client or make one; every value export when left out. */
  readonly exports?: readonly string[];
  /** Names of the types whose values are a client; every type of the package when left out. */
  readonly types?: readonly string[];
  /** Static members of the clients that need no connection, such as `Sequelize.literal`. */
  readonly helpers?: readonly string[];
  /** Whether the default export is the package's namespace rather than a client of its own. */
  readonly defaultIsNamespace?: boolean;
}

const POSTGRES_TYPES = ['Client', 'ClientBase', 'Pool', 'PoolClient'];
const REDIS_CLIENT: Omit<RawClient, 'package'> = {
  exports: ['createClient', 'createClientPool', 'createCluster', 'createSentinel', 'RedisClient'],
  types: [
    'RedisClient',
    'RedisClientType',
    'RedisClientPool',
    'RedisClientPoolType',
    'RedisCluster',
    'RedisClusterType',
    'RedisSentinel',
    'RedisSentinelType',
    'RedisClientMultiCommandType',
  ],
  defaultIsNamespace: true,
};
const SEQUELIZE_HELPERS = [
  'and',
  'asIs',
  'cast',
  'col',
  'fn',
  'json',
  'literal',
  'or',
  'where',
  'Op',
  'DataTypes',
];
const MYSQL: Omit<RawClient, 'package'> = {
  exports: [
    'createConnection',
    'createPool',
    'createPoolCluster',
    'createPoolPromise',
    'createConnectionPromise',
  ],
  types: [
    'Connection',
    'Pool',
    'PoolCluster',
    'PoolConnection',
    'PromisePool',
    'PromiseConnection',
  ],
  defaultIsNamespace: true,
};
const TYPEORM_TYPES = [
  'Connection',
  'DataSource',
  'EntityManager',
  'MongoEntityManager',
  'MongoRepository',
  'QueryRunner',
  'Repository',
  'SelectQueryBuilder',
  'TreeRepository',
];

/** The clients that the rules know, by package. */
const RAW_CLIENTS: readonly RawClient[] = [
  {
    package: 'postgres',
    exports: ['default'],
    types: ['ISql', 'ReservedSql', 'Sql', 'TransactionSql'],
  },
  {
    package: 'pg',
    exports: ['Client', 'Pool', 'native'],
    types: POSTGRES_TYPES,
    defaultIsNamespace: true,
  },
  { package: 'pg-pool', exports: ['default'], types: [...POSTGRES_TYPES, 'default'] },
  {
    package: 'pg-promise',
    exports: ['default'],
    types: ['IDatabase', 'IBaseProtocol', 'IConnected', 'ITask'],
  },
  {
    package: '@neondatabase/serverless',
    exports: ['Client', 'Pool', 'neon'],
    types: [...POSTGRES_TYPES, 'NeonQueryFunction'],
  },
  {
    package: '@vercel/postgres',
    exports: ['createClient', 'createPool', 'db', 'sql'],
    types: ['VercelClient', 'VercelPool', 'VercelPoolClient'],
  },
  {
    package: 'slonik',
    exports: ['createPool'],
    types: [
      'CommonQueryMethods',
      'DatabaseConnection',
      'DatabasePool',
      'DatabasePoolConnection',
      'DatabaseTransactionConnection',
    ],
  },
  { package: 'mysql', ...MYSQL },
  { package: 'mysql2', ...MYSQL },
  { package: 'better-sqlite3', exports: ['default', 'Database'], types: ['Database', 'Statement'] },
  {
    package: 'sqlite3',
    exports: ['Database', 'cached', 'verbose'],
    types: ['Database', 'Statement'],
    defaultIsNamespace: true,
  },
  {
    package: 'mongodb',
    exports: ['MongoClient'],
    types: ['ClientSession', 'Collection', 'Db', 'MongoClient'],
    defaultIsNamespace: true,
  },
  {
    package: 'mongoose',
    exports: ['connect', 'connection', 'createConnection', 'Mongoose'],
    types: ['Connection', 'Mongoose', 'Model'],
    defaultIsNamespace: true,
  },
  {
    package: 'ioredis',
    exports: ['default', 'Cluster', 'Redis'],
    types: ['ChainableCommander', 'Cluster', 'Pipeline', 'Redis'],
  },
  { package: 'redis', ...REDIS_CLIENT },
  { package: '@redis/client', ...REDIS_CLIENT },
  { package: '@upstash/redis', exports: ['Redis'], types: ['Redis'] },
  { package: 'knex', exports: ['default', 'knex'], types: ['Knex', 'QueryBuilder', 'Transaction'] },
  {
    package: 'kysely',
    exports: ['Kysely'],
    types: ['ControlledTransaction', 'Kysely', 'Transaction'],
  },
  {
    package: 'drizzle-orm',
    exports: ['drizzle'],
    types: [
      'BaseSQLiteDatabase',
      'BetterSQLite3Database',
      'LibSQLDatabase',
      'MySql2Database',
      'MySqlDatabase',
      'MySqlTransaction',
      'NeonDatabase',
      'NeonHttpDatabase',
      'NodePgDatabase',
      'PgAsyncDatabase',
      'PgDatabase',
      'PgTransaction',
      'PgliteDatabase',
      'PostgresJsDatabase',
      'SQLiteTransaction',
      'VercelPgDatabase',
    ],
  },
  {
    package: '@prisma/client',
    exports: ['PrismaClient'],
    types: ['PrismaClient', 'DynamicClientExtensionThis'],
    defaultIsNamespace: true,
  },
  {
    package: 'sequelize',
    exports: ['Sequelize', 'default'],
    helpers: SEQUELIZE_HELPERS,
    types: ['Sequelize', 'QueryInterface'],
  },
  {
    package: 'sequelize-typescript',
    exports: ['Sequelize'],
    helpers: SEQUELIZE_HELPERS,
    types: ['Sequelize'],
  },
  {
    package: 'typeorm',
    exports: [
      'DataSource',
      'createConnection',
      'createConnections',
      'getConnection',
      'getConnectionManager',
      'getManager',
      'getMongoManager',
      'getMongoRepository',
      'getRepository',
      'getCustomRepository',
    ],
    types: TYPEORM_TYPES,
  },
  ...[
    'core',
    'better-sqlite',
    'knex',
    'libsql',
    'mariadb',
    'mongodb',
    'mssql',
    'mysql',
    'postgresql',
    'sql',
    'sqlite',
  ].map((driver) => ({
    package: `@mikro-orm/${driver}`,
    exports: ['MikroORM'],
    types: [
      'AbstractSqlConnection',
      'Connection',
      'EntityManager',
      'EntityRepository',
      'MikroORM',
      'MongoEntityManager',
      'SqlEntityManager',
      'SqlEntityRepository',
    ],
  })),
];

/** The clients that count: the known ones and those of an option, which replace a known one of the same package. */
export class RawClientSet {
  readonly #byPackage = new Map<string, RawClient>();

  constructor(additional: readonly RawClient[], ignoredPackages: readonly string[]) {
    for (const client of [...RAW_CLIENTS, ...additional])
      this.#byPackage.set(client.package, client);
    for (const name of ignoredPackages) this.#byPackage.delete(name);
  }

  ofPackage(name: string): RawClient | undefined {
    return this.#byPackage.get(name);
  }

  /** Whether one of the packages has a client. */
  hasAny(packages: ReadonlySet<string>): boolean {
    for (const name of this.#byPackage.keys()) if (packages.has(name)) return true;
    return false;
  }

  /** The client behind an import such as `pg`, `mysql2/promise` or `npm:pg`. */
  ofSpecifier(specifier: string): RawClient | undefined {
    if (specifier.startsWith('.')) return undefined;
    const [first = '', second = ''] = specifier.replace(/^npm:/, '').split('/', 2);
    return this.#byPackage.get(first.startsWith('@') ? `${first}/${second}` : first);
  }
}

export function isClientExport(client: RawClient, name: string): boolean {
  return client.exports?.includes(name) ?? true;
}

export function isClientType(client: RawClient, name: string): boolean {
  return client.types?.includes(name) ?? true;
}
