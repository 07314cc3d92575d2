import {
  ALL_OPERATORS,
  InProcessSignals,
  type Adapter,
  type AdapterTransaction,
  type Awaitable,
  type FieldValues,
  type StoredRow,
} from '@justscale/runtime/adapter';

/** An adapter that does what it is told, at once and for good, and checks nothing: what is refused over it, the core refuses. */
export class TrustingAdapter implements Adapter {
  readonly name = 'trusting';
  readonly capabilities = {
    locks: 'row',
    signals: 'after-commit',
    conditions: ALL_OPERATORS,
  } as const;
  readonly signals = new InProcessSignals();
  /** The methods of transactions that were called, in order. */
  readonly calls: string[] = [];
  readonly rows = new Map<string, FieldValues>();
  /** Runs before a row is changed. */
  beforeUpdate: () => Awaitable<void> = () => undefined;

  /** Runs before a commit. */
  beforeCommit: () => Awaitable<void> = () => undefined;

  begin(): AdapterTransaction {
    const read = (ids: Iterable<string>): StoredRow[] =>
      Array.from(ids, (id) => ({ id, fields: this.rows.get(id) ?? {} }));
    const store = (id: string, fields: FieldValues): StoredRow => {
      this.rows.set(id, fields);
      return { id, fields };
    };
    return {
      find: () => {
        this.calls.push('find');
        return read(this.rows.keys());
      },
      lock: (_table, ids) => {
        this.calls.push('lock');
        return read(ids);
      },
      lockWhere: () => {
        this.calls.push('lockWhere');
        return read(this.rows.keys());
      },
      lockName: () => {
        this.calls.push('lockName');
      },
      insert: (_table, { id, fields }) => {
        this.calls.push('insert');
        return store(id, fields);
      },
      update: async (_table, { id }, changes) => {
        this.calls.push('update');
        await this.beforeUpdate();
        return store(id, { ...this.rows.get(id), ...changes });
      },
      delete: (_table, { id }) => {
        this.calls.push('delete');
        return this.rows.delete(id);
      },
      commit: async (_topics, last) => {
        for (const _ of last) {
          this.calls.push('update');
          await this.beforeUpdate();
        }
        this.calls.push('commit');
        await this.beforeCommit();
        return last.map(({ row: { id }, changes }) =>
          store(id, { ...this.rows.get(id), ...changes }),
        );
      },
      rollback: () => {
        this.calls.push('rollback');
      },
    };
  }

  find(): StoredRow[] {
    return Array.from(this.rows, ([id, fields]) => ({ id, fields }));
  }

  async close(): Promise<void> {}
}
