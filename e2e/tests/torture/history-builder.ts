import { NO_AUDIT, type AuditRow, type AuditState } from '../../torture/history/audit.js';
import type { ChangeEvent, HistoryEvent } from '../../torture/history/events.js';
import { buildHistory, type FinalState, type History } from '../../torture/history/history.js';

/** Omits a key from every member of a union. */
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** The work of one transaction. */
export class TransactionBuilder {
  #died = false;

  constructor(
    private readonly write: (event: Without<HistoryEvent, 'at' | 'process'>) => void,
    private readonly transaction: string,
  ) {}

  get died(): boolean {
    return this.#died;
  }

  lock(key: string, seen: readonly string[]): this {
    this.write({
      event: 'lock',
      transaction: this.transaction,
      key,
      length: seen.length,
      last: seen.at(-1) ?? null,
    });
    return this;
  }

  append(key: string, entry: string): this {
    this.write({ event: 'write', transaction: this.transaction, key, entry });
    return this;
  }

  delete(key: string): this {
    this.write({ event: 'delete', transaction: this.transaction, key });
    return this;
  }

  change(change: string, fields: Partial<ChangeEvent> & { readonly by: number }): this {
    const common = { transaction: this.transaction, slot: 's', operation: 'update' } as const;
    this.write({ event: 'change', ...common, change, from: null, claims: false, ...fields });
    return this;
  }

  undo(change: string): this {
    this.write({ event: 'undone', transaction: this.transaction, change });
    return this;
  }

  told(change: string, amount: number): this {
    this.write({ event: 'told', transaction: this.transaction, change, amount });
    return this;
  }

  emit(topic: string): this {
    this.write({ event: 'emit', transaction: this.transaction, topic });
    return this;
  }

  die(): this {
    this.#died = true;
    return this;
  }
}

/** Writes histories by hand, event after event. */
export class HistoryBuilder {
  readonly #events: HistoryEvent[] = [];
  readonly #lists = new Map<string, readonly string[]>();
  readonly #sequences: FinalState['sequences'] &
    Map<string, { count: number; numbers: readonly number[] }> = new Map();
  readonly #members = new Map<string, readonly string[]>();
  #audited: AuditState = NO_AUDIT;
  #balances = new Map<string, number>();
  #total = 0;
  #clock = 0;
  #transactions = 0;

  transaction(
    process: string,
    work: (transaction: TransactionBuilder) => unknown,
    outcome: 'ok' | 'fail' | 'unknown' = 'ok',
    { kind = 'test', error }: { readonly kind?: string; readonly error?: string } = {},
  ): void {
    const { builder, end } = this.#begin(process, outcome, kind, error);
    work(builder);
    end();
  }

  interleaved(
    first: string,
    second: string,
    work: (first: TransactionBuilder, second: TransactionBuilder) => unknown,
    outcomes: readonly ['ok' | 'fail', 'ok' | 'fail'] = ['ok', 'ok'],
  ): void {
    const a = this.#begin(first, outcomes[0]);
    const b = this.#begin(second, outcomes[1]);
    work(a.builder, b.builder);
    a.end();
    b.end();
  }

  subscribe(process: string): void {
    this.#write(process, { event: 'subscribed' });
  }

  signal(process: string, topic: string): void {
    this.#write(process, { event: 'signal', topic });
  }

  gap(process: string): void {
    this.#write(process, { event: 'gap' });
  }

  /** Every listener is still there. */
  end(): void {
    for (const process of new Set(this.#events.map((event) => event.process))) this.gap(process);
  }

  state(lists: Readonly<Record<string, readonly string[]>>): void {
    for (const [key, list] of Object.entries(lists)) this.#lists.set(key, list);
  }

  balances(balances: Readonly<Record<string, number>>, expectedTotal: number): void {
    this.#balances = new Map(Object.entries(balances));
    this.#total = expectedTotal;
  }

  sequence(key: string, count: number, numbers: readonly number[]): void {
    this.#sequences.set(key, { count, numbers });
  }

  members(key: string, members: readonly string[]): void {
    this.#members.set(key, members);
  }

  /** The audit of the slot `s`, which holds what its last row says, and the counters that go with it. */
  audit(
    rows: readonly (readonly [string, before: number, after: number])[],
    state: Partial<AuditState> = {},
  ): void {
    const at = { shelf: 'h', slot: 's' };
    const opening: AuditRow = {
      ...at,
      operation: 'insert',
      change: 'opening',
      before: null,
      after: rows[0]?.[1] ?? 0,
    };
    const changes = rows.map(([change, before, after]): AuditRow => ({
      ...at,
      operation: 'update',
      change,
      before,
      after,
    }));
    const slot = { shelf: 'h', amount: rows.at(-1)?.[2] ?? 0, label: null, counted: 0, entries: 0 };
    this.#audited = {
      audit: [opening, ...changes],
      slots: new Map([['s', slot]]),
      shelves: new Map([['h', { slots: 1, changes: 1 + rows.length }]]),
      ...state,
    };
  }

  build(): History {
    return buildHistory(this.#events);
  }

  final(): FinalState {
    return {
      lists: this.#lists,
      balances: this.#balances,
      expectedTotal: this.#total,
      sequences: this.#sequences,
      members: this.#members,
      audited: this.#audited,
    };
  }

  #begin(
    process: string,
    outcome: 'ok' | 'fail' | 'unknown',
    kind = 'test',
    error?: string,
  ): { builder: TransactionBuilder; end: () => void } {
    const transaction = `${process}.${(this.#transactions += 1)}`;
    this.#write(process, { event: 'begin', transaction, kind });
    const builder = new TransactionBuilder((event) => this.#write(process, event), transaction);
    const end = (): void => {
      if (builder.died) return;
      this.#write(process, { event: 'leave', transaction });
      const told = error === undefined ? {} : { error };
      this.#write(process, { event: 'outcome', transaction, outcome, ...told });
    };
    return { builder, end };
  }

  #write(process: string, event: Without<HistoryEvent, 'at' | 'process'>): void {
    this.#events.push({ ...event, process, at: (this.#clock += 1) });
  }
}
