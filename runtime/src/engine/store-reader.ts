import type { Awaitable } from '../adapter/adapter.js';
import type { ReadResult } from '../adapter/read-result.js';
import { shown } from '../errors/shown.js';
import { InvalidOptionError } from '../errors/store-errors.js';
import { textProblem } from '../model/entity-id.js';
import { refuseUnknownOptions } from '../model/option-names.js';
import type { ReadOptions } from '../store/repository.js';
import { checkSignal, untilAborted } from './abort-signal.js';
import type { StoreContext } from './store-context.js';

/** Reads with statements of the user's own; see `Store.read`. */
export class StoreReader {
  readonly #context: StoreContext;

  constructor(context: StoreContext) {
    this.#context = context;
  }

  /** The rows as objects. */
  async read(text: unknown, parameters: unknown, options?: ReadOptions): Promise<object[]> {
    const { columns, rows } = await this.readValues(text, parameters, options);
    return rows.map((row) =>
      Object.fromEntries(
        columns.map(({ name, decode }, at) => {
          const value = row[at] ?? null;
          return [name, value === null ? null : decode(value)];
        }),
      ),
    );
  }

  /** The rows as lists of text. */
  async readValues(
    text: unknown,
    parameters: unknown = [],
    options: ReadOptions = {},
  ): Promise<ReadResult> {
    const { adapter, runner, work } = this.#context;
    const statement = checkText(text);
    refuseUnknownOptions<ReadOptions>('read()', options, { signal: true });
    const signal = checkSignal(options.signal);
    if (!Array.isArray(parameters))
      throw new InvalidOptionError('parameters', `must be a list, not ${shown(parameters)}`);
    const values = Array.from(parameters as readonly unknown[]);
    if (adapter.read === undefined)
      throw new InvalidOptionError('read()', `${adapter.name} takes no statements; use find()`);
    const transaction = await runner.joined();
    if (transaction === undefined) {
      const read = (): Awaitable<ReadResult> =>
        adapter.read?.(statement, values, signal) ?? NOTHING;
      return untilAborted(signal, () => work.run(read));
    }
    transaction.state.assertOpen(undefined);
    return transaction.calls.run(async () => transaction.read(statement, values, signal));
  }
}

const NOTHING: ReadResult = { columns: [], rows: [] };
const readers = new WeakMap<object, StoreReader>();

/** Notes who reads for a store. */
export function registerReader(store: object, reader: StoreReader): void {
  readers.set(store, reader);
}

/**
 * Who reads for a store.
 *
 * @throws {@link InvalidOptionError} for what is none
 */
export function readerOf(store: object): StoreReader {
  const reader = readers.get(store);
  if (reader === undefined)
    throw new InvalidOptionError('store', 'must be what postgresStore() or createStore() returned');
  return reader;
}

function checkText(text: unknown): string {
  if (typeof text !== 'string' || text.trim() === '')
    throw new InvalidOptionError('text', `must be a statement of SQL, not ${shown(text)}`);
  const problem = textProblem(text);
  if (problem !== undefined) throw new InvalidOptionError('text', problem);
  return text;
}
