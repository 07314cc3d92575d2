import type {
  AdapterTransaction,
  Awaitable,
  LockWait,
  StoredRow,
  Table,
} from '../adapter/adapter.js';
import { continueWith } from '../adapter/awaitable.js';
import type { Query } from '../adapter/query.js';
import { DeadlockError } from '../errors/lock-errors.js';
import type { HeldLocks } from './held-locks.js';
import type { LockedRow } from './lock-record.js';
import type { TransactionWatch } from './transaction-monitor.js';
import type { TransactionState } from './transaction-state.js';
import type { TransactionStatements } from './transaction-statements.js';

const BLOCK: LockWait = { mode: 'block', timeoutMs: undefined, strength: 'update' };

/** What takes locks needs of its transaction. */
interface Locking {
  readonly state: TransactionState;
  readonly locks: HeldLocks;
  readonly statements: TransactionStatements;
  readonly watch: TransactionWatch;
  /** When it has to be over, in milliseconds of `performance.now()`. */
  readonly deadline: number | undefined;
}

/** Takes the locks of one transaction, and notes what they show. */
export class LockStatements {
  /** The names of the advisory locks that were asked for. */
  readonly names: string[] = [];
  readonly #rows: AdapterTransaction;
  readonly #state: TransactionState;
  readonly #locks: HeldLocks;
  readonly #statements: TransactionStatements;
  readonly #watch: TransactionWatch;
  readonly #deadline: number | undefined;

  constructor(rows: AdapterTransaction, { state, locks, statements, watch, deadline }: Locking) {
    this.#rows = rows;
    this.#state = state;
    this.#locks = locks;
    this.#statements = statements;
    this.#watch = watch;
    this.#deadline = deadline;
  }

  /** Locks rows, or reads those again that are locked already; returns those that exist and were not skipped. */
  rows(table: Table, ids: readonly string[], wait: LockWait): Awaitable<LockedRow[]> {
    const { name } = table.model;
    const asOf = this.#statements.next();
    const isUnbounded = wait.mode === 'block' && wait.timeoutMs === undefined;
    const request = isUnbounded ? { table, ids } : undefined;
    const statement = (): Awaitable<StoredRow[]> => {
      if (request !== undefined && !this.#locks.isEmpty && this.#watch.closesCycle(request))
        throw new DeadlockError(name);
      return this.#rows.lock(table, ids, this.#bounded(wait));
    };
    return continueWith(
      () =>
        this.#statements.send(statement, {
          lock: { subject: name, ids, rows: request },
          signal: wait.signal,
        }),
      (rows) => {
        this.#state.assertOpen(name, ids[0]);
        const locked = rows.map((row) => this.#locks.hold(table, row, asOf));
        if (locked.length < ids.length && wait.mode === 'block')
          this.#dropMissing(table, ids, rows);
        return locked;
      },
    );
  }

  /** Locks the rows of a query; returns those of which its conditions are true under the lock. */
  where(table: Table, query: Query, wait: LockWait): Awaitable<LockedRow[]> {
    const { name } = table.model;
    const asOf = this.#statements.next();
    const statement = (): Awaitable<StoredRow[]> =>
      this.#rows.lockWhere(table, query, this.#bounded(wait));
    return continueWith(
      () =>
        this.#statements.send(statement, {
          lock: { subject: name, ids: [] },
          signal: wait.signal,
        }),
      (rows) => {
        this.#state.assertOpen(name);
        return rows.map((row) => this.#locks.hold(table, row, asOf));
      },
    );
  }

  /** Takes an advisory lock on a name. */
  name(name: string, wait: LockWait): Awaitable<void> {
    this.names.push(name);
    return this.#statements.send(() => this.#rows.lockName(name, this.#bounded(wait)), {
      lock: { subject: name, ids: [] },
      signal: wait.signal,
    });
  }

  /** Reads a row again that is locked; returns whether it is still there. For whoever has sealed the transaction. */
  again(row: LockedRow): Awaitable<boolean> {
    const asOf = this.#statements.next();
    return continueWith(
      () =>
        this.#statements.send(() =>
          this.#rows.lock(row.table, [row.stored.id], this.#bounded(BLOCK)),
        ),
      ([again]) => {
        if (again === undefined) this.#locks.drop(row);
        else this.#locks.renew(row, again, asOf);
        return again !== undefined;
      },
    );
  }

  #dropMissing(table: Table, ids: readonly string[], rows: readonly StoredRow[]): void {
    const found = new Set(rows.map(({ id }) => id));
    for (const id of ids) if (!found.has(id)) this.#locks.dropId(table, id);
  }

  #bounded(wait: LockWait): LockWait {
    if (this.#deadline === undefined) return wait;
    const left = Math.max(1, Math.ceil(this.#deadline - performance.now()));
    return { ...wait, timeoutMs: Math.min(wait.timeoutMs ?? left, left) };
  }
}
