import type { StoreContext } from '../store-context.js';
import { LockReleasedError } from '../../errors/lock-errors.js';
import {
  SignalDecodeError,
  SignalListenerError,
  SignalPathError,
} from '../../errors/signal-errors.js';
import { BoundSignal } from './bound-signal.js';
import { parsedSignals } from '../../signals/define-signals.js';
import { TopicIndex } from './topic-index.js';
import type { SignalPath } from '../../signals/signal-path.js';

/** The signals of one store: sends topics through its transport, and hands what arrives to the subscriptions. */
export class SignalBus {
  readonly #context: StoreContext;
  readonly #index = new TopicIndex();
  readonly #groups = new WeakMap<object, object>();
  readonly #streams = new Set<() => void>();
  #listening: Promise<void> | undefined;
  /** What was published last, while it is under way. */
  #sending: Promise<void> | undefined;
  #closed = false;

  constructor(context: StoreContext) {
    this.#context = context;
  }

  /** See `Store.signals`. */
  bind(group: abstract new () => object): object {
    const known = this.#groups.get(group);
    if (known !== undefined) return known;
    const definitions = parsedSignals(group);
    const bound = Object.create(group.prototype as object) as Record<string, unknown>;
    for (const [name, definition] of definitions) {
      Object.defineProperty(bound, name, {
        value: new BoundSignal(this, definition),
        enumerable: true,
      });
    }
    this.#groups.set(group, Object.freeze(bound));
    return bound;
  }

  /** Sends a topic: with the running transaction's commit, or at once. */
  publish(path: SignalPath, topic: string): Promise<void> {
    const { transport, runner } = this.#context;
    const { topicBytes } = transport.limits;
    if (Buffer.byteLength(topic) > topicBytes) {
      throw new SignalPathError(
        path.pattern,
        `with its parameters it is longer than ${topicBytes} bytes`,
      );
    }
    const transaction = runner.current;
    if (transaction === undefined) return this.#send(topic);
    if (!transaction.state.isActive && !transaction.state.isRolledBack) {
      throw new LockReleasedError(
        undefined,
        undefined,
        `has ended, so ${path.pattern} cannot be emitted in it`,
      );
    }
    transaction.state.assertOpen(undefined);
    transaction.effects.emit(topic);
    return Promise.resolve();
  }

  /**
   * Calls `listener` for the topics of a path.
   *
   * @returns how to stop it, and when it is sure to hear everything
   */
  subscribe(
    path: SignalPath,
    only: Readonly<Record<string, string>>,
    listener: (values: Readonly<Record<string, string>>) => unknown,
  ): { stop: () => void; ready: Promise<void> } {
    this.#context.work.assertOpen();
    const stop = this.#index.add(path, only, (values) => this.#call(path, listener, values));
    return { stop, ready: this.#listen() };
  }

  /** Ends `stream` when the store closes. */
  onClose(stream: () => void): () => void {
    this.#streams.add(stream);
    return () => void this.#streams.delete(stream);
  }

  /** Ends all streams; nobody is called any more. */
  close(): void {
    this.#closed = true;
    for (const end of [...this.#streams]) end();
  }

  #send(topic: string): Promise<void> {
    const { publisher, work } = this.#context;
    work.assertOpen();
    const sending = publisher.publish(topic);
    // Signals that leave together are one piece of work, which closing waits for.
    if (sending !== this.#sending) {
      this.#sending = sending;
      const settle = (): void => {
        if (this.#sending === sending) this.#sending = undefined;
      };
      work.run(() => sending).then(settle, settle);
    }
    return sending;
  }

  #listen(): Promise<void> {
    if (this.#listening === undefined) {
      const { transport, events, runner } = this.#context;
      // Subscribers are code of no transaction, also when the first of them subscribed inside one.
      this.#listening = runner.within(undefined, () =>
        transport.listen({
          topic: (topic) => this.#receive(topic),
          gap: () => {
            // It listens now, also if it could not before.
            this.#listening = Promise.resolve();
            events.gap();
          },
          error: (error) => events.error(error),
        }),
      );
      this.#listening.catch(() => undefined);
    }
    return this.#listening;
  }

  #receive(topic: string): void {
    if (this.#closed) return;
    try {
      this.#index.dispatch(topic);
    } catch (error) {
      this.#context.events.error(
        new SignalDecodeError(this.#context.transport.name, topic, { cause: error }),
      );
    }
  }

  #call(
    path: SignalPath,
    listener: (values: Readonly<Record<string, string>>) => unknown,
    values: Readonly<Record<string, string>>,
  ): void {
    const report = (cause: unknown): void => {
      this.#context.events.error(new SignalListenerError(path.pattern, { cause }));
    };
    this.#context.runner.within(undefined, () => {
      try {
        const result = listener(values);
        if (result instanceof Promise) result.catch(report);
      } catch (error) {
        report(error);
      }
    });
  }
}
