import { ModelMismatchError } from '../errors/model-errors.js';
import { InvalidOptionError } from '../errors/store-errors.js';
import { promiseTry } from '../adapter/awaitable.js';
import { descriptionOf } from '../model/model-description.js';
import type { ModelConstructor } from '../model/states.js';
import type { Repository } from '../store/repository.js';
import type { SignalGroup } from '../signals/define-signals.js';
import { SignalBus } from './signals/signal-bus.js';
import { SignalPublisher } from './signals/signal-publisher.js';
import type { RepositoryOptions, Store, StoreEvents, TransactionOptions } from '../store/store.js';
import type { Adapter } from '../adapter/adapter.js';
import type { SignalTransport } from '../adapter/signal-transport.js';
import { EventHub } from './event-hub.js';
import { checkName, tableOf } from './model-table.js';
import { OpenWork } from './open-work.js';
import { Repositories } from './repositories.js';
import type { StoreContext } from './store-context.js';
import { registerReader, StoreReader } from './store-reader.js';
import { StoreRepository } from './store-repository.js';
import { checkTimeout, TransactionRunner } from './transaction-runner.js';
import { LockOutsideTransactionError } from '../errors/lock-errors.js';

/** What every store can be told. */
export interface StoreOptions {
  /**
   * Whether `mutate` calls for the same entity that run at the same time in this process share one lock, write and
   * commit; true without this.
   */
  readonly combineMutations?: boolean;
  /** What carries the signals instead of the database itself. It belongs to this store, which closes it. */
  readonly signals?: SignalTransport;
}

/** Builds a store on a database. The only thing that makes a `Locked`. */
export function createStore(adapter: Adapter, options: StoreOptions = {}): Store {
  return new AdapterStore(adapter, options);
}

class AdapterStore implements Store {
  readonly #context: StoreContext;
  readonly #signals: SignalBus;
  readonly #reader: StoreReader;
  readonly #repositories = new Repositories();
  #closing: Promise<void> | undefined;

  constructor(adapter: Adapter, { combineMutations = true, signals }: StoreOptions) {
    const transport = signals ?? adapter.signals;
    const isWithCommit = signals === undefined && adapter.capabilities.signals === 'with-commit';
    const events = new EventHub();
    const publisher = new SignalPublisher(transport, isWithCommit, (error) =>
      // Listeners are code of no transaction, also when one of them caused the error.
      runner.within(undefined, () => events.error(error)),
    );
    const runner = new TransactionRunner(adapter, publisher);
    const work = new OpenWork();
    this.#context = { adapter, transport, publisher, runner, events, work, combineMutations };
    this.#signals = new SignalBus(this.#context);
    this.#reader = new StoreReader(this.#context);
    registerReader(this, this.#reader);
  }

  repository<C extends ModelConstructor>(
    model: C,
    options: RepositoryOptions = {},
  ): Repository<InstanceType<C>> {
    this.#context.work.assertOpen();
    const table = tableOf(descriptionOf(model), options);
    const create = (): StoreRepository<InstanceType<C>> =>
      new StoreRepository(this.#context, table, model.prototype as object);
    return this.#repositories.get(model, table, create);
  }

  signals<C extends abstract new () => SignalGroup>(group: C): InstanceType<C> {
    this.#context.work.assertOpen();
    return this.#signals.bind(group) as InstanceType<C>;
  }

  transaction<R>(work: () => R | PromiseLike<R>, options?: TransactionOptions): Promise<R> {
    const { runner, work: open } = this.#context;
    const run = (): Promise<R> => runner.run(work, options);
    const { current } = runner;
    return current?.state.isActive === true ? current.calls.run(run) : open.run(run);
  }

  read<Row extends object>(text: string, parameters?: readonly unknown[]): Promise<Row[]> {
    return this.#reader.read(text, parameters) as Promise<Row[]>;
  }

  async lockName(name: string, options: { readonly timeoutMs?: number } = {}): Promise<void> {
    checkName('name', name);
    const wait = {
      mode: 'block',
      timeoutMs: checkTimeout(options.timeoutMs),
      strength: 'update',
    } as const;
    const transaction = this.#context.runner.current;
    if (transaction === undefined) {
      this.#context.work.assertOpen();
      throw new LockOutsideTransactionError(name);
    }
    transaction.state.assertOpen(name);
    await transaction.calls.run(async () => transaction.lockName(name, wait));
  }

  async verify(): Promise<void> {
    const { adapter, work } = this.#context;
    const problems = await work.run(() =>
      promiseTry(() => adapter.verify?.(this.#repositories.tables) ?? []),
    );
    if (problems.length > 0) throw new ModelMismatchError(problems);
  }

  on<E extends keyof StoreEvents>(
    event: E,
    listener: (...args: StoreEvents[E]) => void,
  ): () => void {
    return this.#context.events.on(event, listener);
  }

  close(): Promise<void> {
    if (this.#context.runner.current?.state.isActive === true) {
      return Promise.reject(
        new InvalidOptionError(
          'close()',
          'it waits for the running transactions, so it cannot be called inside one',
        ),
      );
    }
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    await this.#context.work.close();
    const { adapter, transport, publisher, runner } = this.#context;
    this.#signals.close();
    await publisher.close();
    await transport.close();
    await adapter.close();
    runner.close();
  }
}
