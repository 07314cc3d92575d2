import { SignalOverflowError } from '../../errors/signal-errors.js';
import type { SignalStream, Subscription } from '../../signals/signal-types.js';

interface StreamSource {
  readonly path: string;
  readonly limit: number;
  readonly signal: AbortSignal | undefined;
  subscribe(push: (value: object) => void): Subscription;
  onClose(end: () => void): () => void;
}

interface Waiting {
  resolve(result: IteratorResult<object, undefined>): void;
}

/** Turns a subscription into an async iterable with a bounded queue. */
export function createStream(source: StreamSource): SignalStream<object> {
  const queue: object[] = [];
  const waiting: Waiting[] = [];
  let ended = false;
  let failure: Error | undefined;

  const finish = (): void => {
    if (ended) return;
    ended = true;
    subscription.unsubscribe();
    forget();
    source.signal?.removeEventListener('abort', finish);
    for (const { resolve } of waiting.splice(0)) resolve({ done: true, value: undefined });
  };

  const push = (value: object): void => {
    const next = waiting.shift();
    if (next !== undefined) {
      next.resolve({ done: false, value });
    } else if (queue.length < source.limit) {
      queue.push(value);
    } else {
      failure = new SignalOverflowError(source.path, source.limit);
      queue.length = 0;
      finish();
    }
  };

  const subscription = source.subscribe(push);
  const forget = source.onClose(finish);
  source.signal?.addEventListener('abort', finish, { once: true });
  if (source.signal?.aborted === true) finish();

  return {
    ready: subscription.ready,
    next() {
      const value = queue.shift();
      if (value !== undefined) return Promise.resolve({ done: false, value });
      if (failure !== undefined) {
        const error = failure;
        failure = undefined;
        return Promise.reject(error);
      }
      if (ended) return Promise.resolve({ done: true, value: undefined });
      return new Promise((resolve) => waiting.push({ resolve }));
    },
    return() {
      queue.length = 0;
      finish();
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
