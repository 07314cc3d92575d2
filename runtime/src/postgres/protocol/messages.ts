import { serialize } from 'pg-protocol';
import type { Statement } from '../statement.js';

export const EXECUTE: Buffer = serialize.execute({});
export const SYNC: Buffer = serialize.sync();

/** Binds the parameters of a statement to one that the server keeps. */
export function bind(name: string, { parameters }: Statement): Buffer {
  return serialize.bind({ statement: name, values: parameters.map(({ value }) => value) });
}

/** A statement by the simple protocol. Remembered for those that are sent again and again, each of which is one object. */
export function query(statement: Statement): Buffer {
  let message = queries.get(statement);
  if (message === undefined) queries.set(statement, (message = serialize.query(statement.text)));
  return message;
}

const queries = new WeakMap<Statement, Buffer>();
