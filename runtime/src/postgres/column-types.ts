/** The oids of PostgreSQL's own types (`pg_type.dat`) that are treated each in its own way. */
export const Oid = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  text: 25,
  json: 114,
  float4: 700,
  float8: 701,
  bpchar: 1042,
  varchar: 1043,
  date: 1082,
  timestamp: 1114,
  timestamptz: 1184,
  numeric: 1700,
  uuid: 2950,
  jsonb: 3802,
} as const;

/** The type of a column; of a domain, its base type. */
export interface ColumnType {
  readonly oid: number;
  /** As Postgres writes it, such as `character varying(20)`. */
  readonly name: string;
  /** The oid of the items' type, when it is an array. */
  readonly item: number | undefined;
  readonly isEnum: boolean;
  /** The most characters, or the digits of a second, where the type says so. */
  readonly limit: number | undefined;
}

/** Whether it is text, which is ordered by a collation. */
export function isText({ oid }: ColumnType): boolean {
  return oid === Oid.text || oid === Oid.varchar || oid === Oid.bpchar;
}

/** Whether it holds whole numbers. */
export function isInteger({ oid }: ColumnType): boolean {
  return oid === Oid.int2 || oid === Oid.int4 || oid === Oid.int8;
}

/** Whether it is JSON, which holds arrays and objects. */
export function isJson(oid: number): boolean {
  return oid === Oid.json || oid === Oid.jsonb;
}

/** Whether it holds dates or times that a `Date` can be. */
export function isTime(oid: number): boolean {
  return oid === Oid.date || oid === Oid.timestamp || oid === Oid.timestamptz;
}

/** Whether its times are finer than a millisecond, which is all that a `Date` has. */
export function isFinerThanDate({ oid, limit = 6 }: ColumnType): boolean {
  return (oid === Oid.timestamp || oid === Oid.timestamptz) && limit > 3;
}

/** The name of a type, or of its items, in a cast, without a limit: a cast cuts text and rounds numbers to it. */
export function castName({ name }: ColumnType): string {
  // A name with quotes is a user's own, and may hold anything.
  if (name.includes('"')) return name;
  // Without a limit, `character` and `bit` would be those of one place; their other names have none.
  return name
    .replace(/\(\d+(?:,-?\d+)?\)/, '')
    .replace(/^character(?! varying)/, 'bpchar')
    .replace(/^bit(?! varying)/, '"bit"');
}
