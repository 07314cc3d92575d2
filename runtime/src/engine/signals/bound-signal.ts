import { InvalidRefError } from '../../errors/model-errors.js';
import { shown } from '../../errors/shown.js';
import { SignalPathError } from '../../errors/signal-errors.js';
import { InvalidOptionError } from '../../errors/store-errors.js';
import { refuseUnknownOptions } from '../../model/option-names.js';
import { ownEntries } from '../../model/own-entries.js';
import { refOf } from '../../model/refs.js';
import type { ParsedSignal } from '../../signals/define-signals.js';
import type { SignalPath } from '../../signals/signal-path.js';
import { buildTopic, parameterProblem } from '../../signals/signal-path.js';
import { checkSignal } from '../abort-signal.js';
import { createStream } from './signal-stream.js';
import type { SignalStream, Subscription } from '../../signals/signal-types.js';

type Parameters = Readonly<Record<string, unknown>>;

/** What a signal asks of the bus of its store. */
export interface Bus {
  /** @returns a promise that several signals may share */
  publish(path: SignalPath, topic: string): Promise<void>;
  subscribe(
    path: SignalPath,
    only: Readonly<Record<string, string>>,
    listener: (values: Readonly<Record<string, string>>) => unknown,
  ): { readonly stop: () => void; readonly ready: Promise<void> };
  /** Has a stream ended when the store is closed, unless what is returned is called before. */
  onClose(end: () => void): () => void;
}

interface SubscribeOptions {
  readonly signal?: AbortSignal;
}

interface StreamOptions {
  readonly signal?: AbortSignal;
  readonly only?: Parameters;
  readonly limit?: number;
}

/** One signal of a group, bound to a store; see `Signal`. */
export class BoundSignal {
  readonly path: string;
  readonly #bus: Bus;
  readonly #definition: ParsedSignal;

  constructor(bus: Bus, definition: ParsedSignal) {
    this.path = definition.path.pattern;
    this.#bus = bus;
    this.#definition = definition;
  }

  emit(parameters: Parameters): Promise<void> {
    const { path } = this.#definition;
    try {
      // A promise of its own: many signals may leave together, and each caller answers for its own.
      return this.#bus.publish(path, buildTopic(path, this.#values(parameters))).then(ignore);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  subscribe(
    listener: (parameters: object) => unknown,
    only: Parameters = {},
    options: SubscribeOptions = {},
  ): Subscription {
    if (typeof listener !== 'function')
      throw new InvalidOptionError('listener', 'must be a function');
    refuseUnknownOptions<SubscribeOptions>('subscribe()', options, { signal: true });
    const signal = checkSignal(options.signal);
    const { stop, ready } = this.#bus.subscribe(
      this.#definition.path,
      this.#values(only),
      (values) => listener(this.#receive(values)),
    );
    const unsubscribe = (): void => {
      stop();
      signal?.removeEventListener('abort', unsubscribe);
    };
    signal?.addEventListener('abort', unsubscribe, { once: true });
    if (signal?.aborted === true) unsubscribe();
    return { ready, unsubscribe, [Symbol.dispose]: unsubscribe };
  }

  stream(options: StreamOptions = {}): SignalStream<object> {
    refuseUnknownOptions<StreamOptions>('stream()', options, {
      signal: true,
      only: true,
      limit: true,
    });
    const { only = {}, limit = 10_000 } = options;
    const signal = checkSignal(options.signal);
    if (!Number.isInteger(limit) || limit < 1) {
      throw new InvalidOptionError(
        'limit',
        `must be a whole number of at least 1, not ${shown(limit)}`,
      );
    }
    return createStream({
      path: this.path,
      limit,
      signal,
      onClose: (end) => this.#bus.onClose(end),
      subscribe: (push) => this.subscribe(push, only),
    });
  }

  /** The parameters as text: an entity as its id. */
  #values(parameters: unknown): Record<string, string> {
    const { path } = this.#definition;
    const entries = ownEntries(parameters);
    if (typeof entries === 'string')
      throw new SignalPathError(path.pattern, `the object of its parameters ${entries}`);
    const values: Record<string, string> = {};
    for (const [name, value] of entries) {
      if (!path.parameters.includes(name)) {
        throw new SignalPathError(
          path.pattern,
          `it has no parameter :${name}; a signal carries identity only`,
        );
      }
      if (value === undefined) {
        throw new SignalPathError(
          path.pattern,
          `the parameter :${name} is undefined, which would mean any; leave it out if that is meant`,
        );
      }
      values[name] = this.#value(name, value);
    }
    return values;
  }

  #value(name: string, value: unknown): string {
    const { path, models } = this.#definition;
    const model = models.get(name);
    if (model === undefined) {
      if (typeof value === 'string') {
        const problem = parameterProblem(value);
        if (problem === undefined) return value;
        throw new SignalPathError(path.pattern, `the parameter :${name} ${problem}`);
      }
      throw new SignalPathError(
        path.pattern,
        `the parameter :${name} must be a string, not ${value === null ? 'null' : typeof value}`,
      );
    }
    if (typeof value === 'string') {
      throw new SignalPathError(
        path.pattern,
        `the parameter :${name} must be a Ref, Persistent or Locked of ${model.name}; write Model.ref(id)`,
      );
    }
    try {
      return refOf(model, value).id;
    } catch (error) {
      if (!(error instanceof InvalidRefError)) throw error;
      throw new SignalPathError(path.pattern, `the parameter :${name}: ${error.message}`, {
        cause: error,
      });
    }
  }

  #receive(values: Readonly<Record<string, string>>): object {
    const received: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(values)) {
      const model = this.#definition.models.get(name);
      received[name] = model === undefined ? value : refOf(model, value);
    }
    return received;
  }
}

function ignore(): void {
  // That it was sent is all there is to know.
}
