import { randomBytes } from 'node:crypto';
import type { Parameter, Statement } from '../statement.js';
import type { RowColumn } from './rows.js';

/**
 * The most statements that a connection prepares: the server keeps some 30 kB for each, for as long as the connection lives. One
 * beyond them is parsed each time.
 */
const MAX_PREPARED = 400;
/** How many of those a connection may have sent before the pool opens another one in its place. */
const MAX_UNPREPARED = 400;

/** A statement that the server keeps, or is about to. */
export interface PreparedStatement {
  /** Its name on this connection; '' is kept only until the next one without a name. */
  readonly name: string;
  readonly text: string;
  readonly types: readonly number[];
  /** What executes it, if it has no parameters. */
  execution: Buffer | undefined;
  /** What its rows hold, once the server has said so. */
  columns: readonly RowColumn[];
}

/** Which statements the server keeps for one connection. */
export class PreparedStatements {
  readonly #kept = new Map<string, PreparedStatement>();
  /**
   * Names that no other connection of any process gives: a pooler that shares its connections without knowing of statements would
   * have one execute what another one prepared.
   */
  readonly #prefix = `justscale_${randomBytes(9).toString('base64url')}`;
  #count = 0;
  #unprepared = 0;

  /** Whether it keeps so many that others have to go without, again and again: a new connection does better. */
  get areWornOut(): boolean {
    return this.#unprepared >= MAX_UNPREPARED;
  }

  /** The statement as the server keeps it. */
  find({ text, parameters }: Statement): PreparedStatement | undefined {
    const kept = this.#kept.get(text);
    return kept !== undefined && hasTypes(kept, parameters) ? kept : undefined;
  }

  /**
   * Names a statement that is to be prepared.
   *
   * @param mayKeep - whether it may be kept at all
   */
  add({ text, parameters }: Statement, mayKeep: boolean): PreparedStatement {
    const types = parameters.map(({ type }) => type);
    const isKept = mayKeep && this.#kept.size < MAX_PREPARED;
    if (mayKeep && !isKept) this.#unprepared += 1;
    const name = isKept ? `${this.#prefix}_${(this.#count += 1)}` : '';
    const prepared: PreparedStatement = { name, text, types, execution: undefined, columns: [] };
    if (isKept) this.#kept.set(text, prepared);
    return prepared;
  }

  /** The server does not keep it, or not as it has to be: it is prepared anew next time. */
  forget(prepared: PreparedStatement): void {
    if (this.#kept.get(prepared.text) === prepared) this.#kept.delete(prepared.text);
  }
}

function hasTypes({ types }: PreparedStatement, parameters: readonly Parameter[]): boolean {
  if (types.length !== parameters.length) return false;
  for (let at = 0; at < types.length; at++) if (parameters[at]?.type !== types[at]) return false;
  return true;
}
