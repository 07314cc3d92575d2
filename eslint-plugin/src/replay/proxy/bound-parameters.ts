import { readText } from './message-reader.js';

/** What a Bind message binds: the name of a prepared statement, and its parameters. */
export interface Bound {
  readonly statement: string;
  readonly parameters: readonly Parameter[];
}

/** A parameter as text; as bytes where the driver sent it in binary. */
export type Parameter = string | null | Buffer;

export function readBind(body: Buffer): Bound {
  const portal = readText(body);
  const { text: statement, end } = readText(body, portal.end);
  let at = end;
  const int16 = () => body.readInt16BE((at += 2) - 2);
  const formats = Array.from({ length: int16() }, int16);
  const parameters = Array.from({ length: int16() }, (_, index): Parameter => {
    const length = body.readInt32BE(at);
    at += 4;
    if (length === -1) return null;
    const bytes = body.subarray(at, (at += length));
    const format = formats.length === 1 ? formats[0] : formats[index];
    return format === 1 ? Buffer.from(bytes) : bytes.toString('utf8');
  });
  return { statement, parameters };
}

/** The statement as one that needs no parameters, to be read and to be run elsewhere. */
export function withParameters(sql: string, parameters: readonly Parameter[]): string {
  return sql.replace(/'(?:[^']|'')*'|\$(\d+)\b/g, (whole, number: string | undefined) => {
    if (number === undefined) return whole;
    const value = parameters[Number(number) - 1];
    return value === undefined ? whole : literalOf(value);
  });
}

function literalOf(value: Parameter): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  // Drivers send numbers in binary; of which type they are only the server knows.
  if (value.length === 2) return String(value.readInt16BE());
  if (value.length === 4) return String(value.readInt32BE());
  if (value.length === 8) return String(value.readBigInt64BE());
  return `'\\x${value.toString('hex')}'`;
}
