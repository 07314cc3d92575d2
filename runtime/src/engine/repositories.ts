import type { LockStrength, Table } from '../adapter/adapter.js';

interface Entry {
  readonly table: Table;
  readonly repository: unknown;
}

/** The repositories of a store: the same arguments return the same one. */
export class Repositories {
  readonly #byModel = new Map<unknown, Map<string, Entry>>();

  /** The tables of all of them. */
  get tables(): readonly Table[] {
    return Array.from(this.#byModel.values(), (known) => [...known.values()])
      .flat()
      .map(({ table }) => table);
  }

  /** The repository of a model in a table, created when there is none yet. */
  get<R>(model: unknown, table: Table, strength: LockStrength, create: () => R): R {
    const known = this.#byModel.get(model) ?? new Map<string, Entry>();
    this.#byModel.set(model, known);
    const { name, idColumn, columns = {} } = table;
    const key = JSON.stringify([name, strength, idColumn, Object.entries(columns).sort()]);
    const entry = known.get(key) ?? { table, repository: create() };
    known.set(key, entry);
    return entry.repository as R;
  }
}
