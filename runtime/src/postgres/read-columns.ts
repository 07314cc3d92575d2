import type { ReadColumn, ReadResult } from '../adapter/read-result.js';
import { readArrayLiteral, type ArrayItem } from './array-literal.js';
import { Oid } from './column-types.js';
import type { Rows } from './connection.js';
import { representationsOf } from './representations.js';

/** The types whose values are more than text, as the package `pg` has it: what a number cannot hold stays text. */
const DECODED: ReadonlySet<number> = new Set([
  Oid.bool,
  Oid.bytea,
  Oid.int2,
  Oid.int4,
  Oid.float4,
  Oid.float8,
  Oid.json,
  Oid.jsonb,
  Oid.date,
  Oid.timestamp,
  Oid.timestamptz,
]);

/** The types of arrays and of their items (`pg_type.dat`). */
const ITEMS: Readonly<Record<number, number>> = {
  199: Oid.json,
  1000: Oid.bool,
  1001: Oid.bytea,
  1005: Oid.int2,
  1007: Oid.int4,
  1009: Oid.text,
  1014: Oid.bpchar,
  1015: Oid.varchar,
  1016: Oid.int8,
  1021: Oid.float4,
  1022: Oid.float8,
  1115: Oid.timestamp,
  1182: Oid.date,
  1185: Oid.timestamptz,
  1231: Oid.numeric,
  2951: Oid.uuid,
  3807: Oid.jsonb,
};

/** What a statement of the user's own returned. */
export function toReadResult(rows: Rows): ReadResult {
  const columns = rows.columns.map(({ name, type }): ReadColumn => ({
    name,
    type,
    decode: decoder(type),
  }));
  return { columns, rows: rows as unknown as (string | null)[][] };
}

function decoder(type: number): ReadColumn['decode'] {
  const item = ITEMS[type];
  if (item === undefined) return (text) => decodeScalar(type, text);
  const decodeItems = (items: readonly ArrayItem[]): unknown =>
    items.map((each) => {
      if (each === null) return null;
      return typeof each === 'string' ? decodeScalar(item, each) : decodeItems(each);
    });
  return (text) => decodeItems(readArrayLiteral(text));
}

function decodeScalar(oid: number, text: string): unknown {
  if (!DECODED.has(oid)) return text;
  const [represent] = representationsOf({
    oid,
    name: '',
    item: undefined,
    isEnum: false,
    limit: undefined,
  });
  // Infinite times have no Date.
  return represent?.(text) ?? text;
}
