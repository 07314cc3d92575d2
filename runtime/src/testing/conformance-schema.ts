/** What a column of the suite's tables holds. */
export type ConformanceColumn =
  | 'id'
  | 'text'
  | 'integer'
  | 'bytes'
  | 'time'
  | 'decimal'
  | 'boolean'
  | 'double'
  | 'texts'
  | 'json';

/** The type of a dialect for each kind of column. */
export type ConformanceTypes = Readonly<Record<ConformanceColumn, string>>;

/** The dialects whose types the suite knows. */
export type ConformanceDialect = 'postgres' | 'sqlite' | 'mysql';

/** Ids and texts are compared and ordered by their characters, as in JavaScript: no collation of a language. */
const TYPES: Readonly<Record<ConformanceDialect, ConformanceTypes>> = {
  postgres: {
    id: 'text collate "C"',
    text: 'text collate "C"',
    integer: 'bigint',
    bytes: 'bytea',
    time: 'timestamptz',
    decimal: 'numeric',
    boolean: 'boolean',
    double: 'double precision',
    texts: 'text[]',
    json: 'jsonb',
  },
  sqlite: {
    id: 'text',
    text: 'text',
    integer: 'integer',
    bytes: 'blob',
    // SQLite has no type for times, booleans and JSON, and its numbers lose digits.
    time: 'text',
    decimal: 'text',
    boolean: 'integer',
    double: 'real',
    texts: 'text',
    json: 'text',
  },
  mysql: {
    // The longest that a key can have.
    id: 'varchar(768) character set utf8mb4 collate utf8mb4_0900_bin',
    text: 'text character set utf8mb4 collate utf8mb4_0900_bin',
    integer: 'bigint',
    bytes: 'longblob',
    time: 'datetime(3)',
    // Its decimals have all as many digits behind the point.
    decimal: 'varchar(64)',
    boolean: 'boolean',
    double: 'double',
    texts: 'json',
    json: 'json',
  },
};

interface Column {
  readonly type: ConformanceColumn;
  readonly null?: true;
  /** What it is when an insert leaves it out. */
  readonly default?: number;
}

type Columns = Readonly<Record<string, Column>>;

const ACCOUNT: Columns = {
  id: { type: 'id' },
  owner: { type: 'text' },
  balance: { type: 'integer', default: 7 },
  nick: { type: 'text', null: true },
};

const TABLES: Readonly<Record<string, Columns>> = {
  conformance_account: ACCOUNT,
  conformance_other_account: ACCOUNT,
  conformance_record: {
    id: { type: 'id' },
    bytes: { type: 'bytes' },
    at: { type: 'time' },
    big: { type: 'integer' },
    amount: { type: 'decimal' },
    is_open: { type: 'boolean' },
    ratio: { type: 'double' },
    remark: { type: 'text', null: true },
    tags: { type: 'texts' },
    settings: { type: 'json' },
  },
};

/**
 * The statements that create the suite's tables, each ended by `;` and a new line.
 *
 * @param dialect - one that the suite knows, or the types of another
 */
export function conformanceSchema(dialect: ConformanceDialect | ConformanceTypes): string {
  const types = typeof dialect === 'string' ? TYPES[dialect] : dialect;
  const statements = Object.entries(TABLES).map(([table, columns]) => {
    const lines = Object.entries(columns).map(([name, column]) => {
      const { type, null: isNullable, default: value } = column;
      const constraint = type === 'id' ? 'not null primary key' : isNullable ? '' : 'not null';
      const ofDefault = value === undefined ? '' : ` default ${value}`;
      return `  ${name} ${types[type]} ${constraint}${ofDefault}`.trimEnd();
    });
    return `create table ${table} (\n${lines.join(',\n')}\n);\n`;
  });
  return statements.join('');
}

/** The tables of the suite on Postgres: `conformanceSchema('postgres')`. */
export const CONFORMANCE_SCHEMA: string = conformanceSchema('postgres');
