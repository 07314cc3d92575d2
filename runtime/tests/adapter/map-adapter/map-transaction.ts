import {
  DuplicateEntityError,
  LockReleasedError,
  TransactionRolledBackError,
} from '@justscale/runtime';
import type {
  AdapterTransaction,
  FieldValues,
  LockWait,
  Query,
  RereadRows,
  RowChange,
  RowVersion,
  StoredRow,
  Table,
} from '@justscale/runtime/adapter';
import type { Tables } from './tables.js';
import { selectFrom } from './select-from.js';
import type { LockSubject, WriteLock } from './write-lock.js';

const BLOCK: LockWait = { mode: 'block', timeoutMs: undefined, strength: 'update' };

let versions = 0;

/** A row of a version that no other has. */
function versioned(row: StoredRow): StoredRow {
  return { ...row, version: (versions += 1) };
}

/** Statements that run one after another; the first that needs it takes the lock, and works on a copy until COMMIT. */
export class MapTransaction implements AdapterTransaction {
  readonly #committed: Tables;
  readonly #lock: WriteLock;
  #own: Tables | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;
  #hasEnded = false;

  constructor(committed: Tables, lock: WriteLock) {
    this.#committed = committed;
    this.#lock = lock;
  }

  find(table: Table, query: Query): Promise<StoredRow[]> {
    return this.#run(() => selectFrom(this.#own ?? this.#committed, table, query));
  }

  lock(table: Table, ids: readonly string[], wait: LockWait): Promise<StoredRow[]> {
    return this.#run(async () => {
      const isThere = ids.some((id) => (this.#own ?? this.#committed).get(table.name)?.has(id));
      if (!isThere) return [];
      const rows = await this.#begin(wait, { name: table.model.name, ids });
      return ids.flatMap((id) => rows?.get(table.name)?.get(id) ?? []);
    });
  }

  lockWhere(table: Table, query: Query, wait: LockWait): Promise<StoredRow[]> {
    return this.#run(async () => {
      const rows = await this.#begin(wait, { name: table.model.name, ids: [] });
      return rows === undefined ? [] : selectFrom(rows, table, query);
    });
  }

  lockName(name: string, wait: LockWait): Promise<void> {
    return this.#run(async () => void (await this.#begin(wait, { name, ids: [] })));
  }

  insert(table: Table, row: StoredRow): Promise<StoredRow> {
    return this.#write(table, (rows) => {
      if (rows.has(row.id)) throw new DuplicateEntityError(table.model.name, `${table.name}_pkey`);
      const inserted = versioned(row);
      rows.set(row.id, inserted);
      return inserted;
    });
  }

  update(
    table: Table,
    { id, version }: RowVersion,
    changes: FieldValues,
  ): Promise<StoredRow | undefined> {
    return this.#write(table, (rows) => {
      const row = rows.get(id);
      if (row === undefined || row.version !== version) return undefined;
      const changed = versioned({ id, fields: { ...row.fields, ...changes } });
      rows.set(id, changed);
      return changed;
    });
  }

  delete(table: Table, { id, version }: RowVersion): Promise<boolean> {
    return this.#write(table, (rows) => rows.get(id)?.version === version && rows.delete(id));
  }

  /** Two tables of one name are one. */
  mayChange(written: Table, held: Table): boolean {
    return written !== held && written.name === held.name;
  }

  reread(table: Table, held: readonly RowVersion[]): Promise<RereadRows> {
    return this.#run(() => {
      const rows = this.#own?.get(table.name);
      const now = held.map(({ id, version }) => ({ id, version, row: rows?.get(id) }));
      return {
        changed: now.flatMap(({ row, version }) =>
          row !== undefined && row.version !== version ? [row] : [],
        ),
        gone: now.flatMap(({ id, row }) => (row === undefined ? [id] : [])),
      };
    });
  }

  async commit(
    _topics: readonly string[],
    last: readonly RowChange[],
  ): Promise<readonly (StoredRow | undefined)[]> {
    const written = [];
    for (const { table, row, changes } of last)
      written.push(await this.update(table, row, changes));
    await this.#run(() => {
      this.#hasEnded = true;
      for (const [name, rows] of this.#own ?? []) this.#committed.set(name, rows);
      this.#lock.release(this);
    });
    return written;
  }

  rollback(): void {
    this.#hasEnded = true;
    this.#own = undefined;
    this.#lock.release(this);
  }

  async #begin(wait: LockWait, subject: LockSubject): Promise<Tables | undefined> {
    if (!(await this.#lock.take(this, wait, subject))) return undefined;
    return (this.#own ??= new Map(
      Array.from(this.#committed, ([name, rows]) => [name, new Map(rows)] as const),
    ));
  }

  #write<R>(table: Table, write: (rows: Map<string, StoredRow>) => R): Promise<R> {
    return this.#run(async () => {
      const own =
        (await this.#begin(BLOCK, { name: table.model.name, ids: [] })) ?? new Map<string, never>();
      if (!own.has(table.name)) own.set(table.name, new Map());
      return write(own.get(table.name) ?? new Map<string, StoredRow>());
    });
  }

  #run<R>(statement: () => R | Promise<R>): Promise<R> {
    const result = this.#last.then(async () => {
      if (this.#hasEnded) throw new LockReleasedError(undefined, undefined, 'has ended');
      if (this.#failure !== undefined)
        throw new TransactionRolledBackError({ cause: this.#failure.error });
      try {
        return await statement();
      } catch (error) {
        this.#failure ??= { error };
        this.#lock.release(this);
        throw error;
      }
    });
    this.#last = result.catch(() => undefined);
    return result;
  }
}
