import { createHash, randomUUID } from 'node:crypto';
import type { BeginOptions } from '../adapter/adapter.js';
import { writeArrayLiteral } from './array-literal.js';
import { Parameters, simpleStatement, type Statement } from './statement.js';

/** The setting that names the transaction on its connection; it ends with the transaction. */
const FENCE_SETTING = 'justscale.transaction';

/** A name that no other transaction of any process has: a UUID. */
export function newFence(): string {
  return randomUUID();
}

/** Begins a transaction; {@link nameStatement} travels with it. */
export function beginStatement(
  isolation: BeginOptions['isolation'] = 'read committed',
  readOnly = false,
): Statement {
  return new Parameters().statement(
    `begin isolation level ${isolation}${readOnly ? ' read only' : ''}`,
  );
}

/**
 * Names a transaction. It is sent with its BEGIN and is not executed without it, so that no connection can have one without the
 * other. Every write demands the name ({@link inTransaction}): outside a transaction, in another one, or on another
 * connection it finds another name or none, and writes nothing.
 *
 * Naming it costs no round trip, and unlike `pg_current_xact_id()` it also fences an INSERT that is the first statement.
 *
 * @param fence - see {@link newFence}
 * @param idleTimeoutMs - after how long without a statement the server ends it
 */
export function nameStatement(fence: string, idleTimeoutMs: number): Statement {
  const parameters = new Parameters();
  parameters.text(fence);
  parameters.text(idleTimeoutMs.toFixed(0));
  return parameters.statement(NAME);
}

// Settings of the session instead would go astray behind a pooler that shares its connections.
const NAME =
  `select set_config('${FENCE_SETTING}', $1, true), ` +
  `set_config('idle_in_transaction_session_timeout', $2, true)`;

/** Settings for the rest of the transaction; parameters, as they come from outside. */
export function settingsStatement(settings: Readonly<Record<string, string>>): Statement {
  const parameters = new Parameters();
  const calls = Object.entries(settings).map(
    ([name, value]) => `set_config(${parameters.text(name)}, ${parameters.text(value)}, true)`,
  );
  return parameters.statement(`select ${calls.join(', ')}`);
}

/**
 * Begins, keeps or undoes a part of a transaction.
 *
 * @param depth - how many parts it is a part of
 */
export function savepointStatement(end: 'begin' | 'keep' | 'undo', depth: number): Statement {
  const name = `justscale_${depth.toFixed(0)}`;
  if (end === 'begin') return simpleStatement(`savepoint ${name}`);
  const undo = end === 'undo' ? `rollback to savepoint ${name}; ` : '';
  return simpleStatement(`${undo}release savepoint ${name}`);
}

/** The condition that a statement runs in the transaction of this name. */
export function inTransaction(parameters: Parameters, fence: string): string {
  return `current_setting('${FENCE_SETTING}', true) = ${parameters.text(fence)}`;
}

/** Asks whether the connection is in the transaction of this name. */
export function fenceStatement(fence: string): Statement {
  const parameters = new Parameters();
  return parameters.statement(`select ${inTransaction(parameters, fence)} as inside`);
}

/** Commits, and is not executed when what it is sent with fails. */
export const commitStatement: Statement = new Parameters().statement('commit');
/** Commits, and ends the transaction whatever happens: nothing can keep the server from executing it. */
export const commitAloneStatement: Statement = simpleStatement('commit');
export const rollbackStatement: Statement = simpleStatement('rollback');

/** Limits each wait for a lock, until {@link unlimitedLocksStatement}. */
export function lockTimeoutStatement(timeoutMs: number): Statement {
  // 0 would mean no limit.
  const limit = Math.max(1, Math.ceil(timeoutMs)).toFixed(0);
  return settingsStatement({ lock_timeout: limit });
}

/** Back to what the user, the database or the server say. */
export const unlimitedLocksStatement: Statement = simpleStatement(
  'set local lock_timeout to default',
);

/** Checks what is deferred, and from now on every statement as it is made. */
export const checkAtOnceStatement: Statement = simpleStatement('set constraints all immediate');

/** Takes an advisory lock on a name, to the end of the transaction. */
export function advisoryLockStatement(name: string): Statement {
  const key = createHash('sha256').update(`justscale:${name}`).digest().readBigInt64BE();
  const parameters = new Parameters();
  return parameters.statement(
    `select pg_advisory_xact_lock(${parameters.text(key.toString())}::bigint)`,
  );
}

/**
 * Sends notifications, in their order; one alone without an array, which takes the server longer. Several are counted so
 * that it answers with one row: a row for each would cost as much as the notifications themselves.
 */
export function notifyStatement(channel: string, payloads: readonly string[]): Statement {
  const parameters = new Parameters();
  const to = parameters.text(channel);
  const [only] = payloads;
  if (payloads.length === 1 && only !== undefined)
    return parameters.statement(`select pg_notify(${to}, ${parameters.text(only)})`);
  const array = parameters.text(writeArrayLiteral(payloads));
  return parameters.statement(
    `select count(sent) from (select pg_notify(${to}, unnest(${array}::text[])) as sent) as all_sent`,
  );
}
