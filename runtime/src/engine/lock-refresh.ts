import type { AdapterTransaction, Awaitable, Table } from '../adapter/adapter.js';
import { continueWith } from '../adapter/awaitable.js';
import type { HeldLocks } from './held-locks.js';
import type { TransactionStatements } from './transaction-statements.js';

/** Keeps the locks of one transaction true: reads again what a write may have changed beside the row that it names. */
export class LockRefresh {
  readonly #rows: AdapterTransaction;
  readonly #locks: HeldLocks;
  readonly #statements: TransactionStatements;

  constructor(rows: AdapterTransaction, locks: HeldLocks, statements: TransactionStatements) {
    this.#rows = rows;
    this.#locks = locks;
    this.#statements = statements;
  }

  /** Hands on the result of a write to a table when the held rows are read again that it may have changed, right behind it. */
  after<R>(written: Table, result: Awaitable<R>): Awaitable<R> {
    const may = Array.from(this.#locks.tables, (held) => this.#rows.mayChange?.(written, held));
    if (may.includes(undefined) && this.#rows.mayChange !== undefined) {
      return continueWith(
        () => result,
        (first) =>
          continueWith(
            () => this.#rereadAfter(written),
            () => first,
          ),
      );
    }
    if (!may.includes(true)) return result;
    return Promise.all([result, this.#rereadAfter(written)]).then(([first]) => first as R);
  }

  #rereadAfter(written: Table): Awaitable<unknown> {
    const changed = Array.from(this.#locks.tables).filter(
      (held) => this.#rows.mayChange?.(written, held) !== false,
    );
    // eslint-disable-next-line @typescript-eslint/await-thenable -- each may be a promise
    return Promise.all(changed.map((table) => this.#reread(table)));
  }

  #reread(table: Table): Awaitable<void> {
    const held = this.#locks.rowsOf(table).map(({ stored }) => stored);
    if (held.length === 0) return;
    const asOf = this.#statements.next();
    return continueWith(
      () => this.#statements.send(() => this.#rows.reread?.(table, held)),
      (found) => {
        for (const row of found?.changed ?? []) this.#locks.hold(table, row, asOf);
        for (const id of found?.gone ?? []) this.#locks.dropId(table, id);
      },
    );
  }
}
