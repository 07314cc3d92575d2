import { InvalidOptionError } from '../errors/store-errors.js';
import { shown } from '../errors/shown.js';
import { textProblem } from '../model/entity-id.js';
import { writeArrayLiteral, type ArrayItem } from './array-literal.js';
import { simpleStatement, type Statement } from './statement.js';

const PART = 'justscale_read';

/**
 * Opens a part of the transaction that can only read. In a part, unlike in a whole transaction, nothing gets back what it
 * gave up: the server refuses `set transaction read write`.
 */
export const beginReadStatement: Statement = simpleStatement(
  `savepoint ${PART}; set transaction read only`,
);

/** Ends it and undoes what a statement may do although it only reads: settings, notifications, advisory locks. */
export const endReadStatement: Statement = simpleStatement(
  `rollback to savepoint ${PART}; release savepoint ${PART}; select pg_catalog.pg_advisory_unlock_all()`,
);

/** The same where there is no transaction around it. */
export const beginReadAloneStatement: Statement = simpleStatement(
  `begin isolation level read committed read only; savepoint ${PART}`,
);

export const endReadAloneStatement: Statement = simpleStatement(
  'rollback; select pg_catalog.pg_advisory_unlock_all()',
);

/**
 * A statement of the user's own. It stands where only a query can: no command is one, so none can end the transaction,
 * change the session or leave something prepared behind; and the protocol takes one statement at a time.
 *
 * @throws {@link InvalidOptionError} for a parameter that is no value
 */
export function readStatement(text: string, parameters: readonly unknown[]): Statement {
  const query = text.replace(/[;\s]+$/, '');
  return {
    // The line ends a comment that the text may end with.
    text: `select * from (\n${query}\n) as "justscale.read"`,
    parameters: parameters.map((value, at) => ({
      value: parameterText(value, `parameters[${at}]`),
      // The server finds the type from where the parameter stands.
      type: 0,
    })),
    isForeign: true,
  };
}

function parameterText(value: unknown, option: string): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return writeArrayLiteral(value.map((item) => arrayItem(item, option)));
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new InvalidOptionError(option, 'is an invalid Date');
    return value.toISOString();
  }
  switch (typeof value) {
    case 'string': {
      const problem = textProblem(value);
      if (problem !== undefined) throw new InvalidOptionError(option, problem);
      return value;
    }
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'object':
      return JSON.stringify(value);
    default:
      throw new InvalidOptionError(option, `must be a value, not ${shown(value)}`);
  }
}

function arrayItem(value: unknown, option: string): ArrayItem {
  return Array.isArray(value)
    ? value.map((item) => arrayItem(item, option))
    : parameterText(value, option);
}
