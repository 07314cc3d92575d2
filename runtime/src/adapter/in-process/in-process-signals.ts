import { AsyncResource } from 'node:async_hooks';
import type { SignalLimits, SignalTransport, TopicListener } from '../signal-transport.js';

/** Taken at once: tests replace the global one by a clock that stands still. */
const nextTurn = setImmediate;

/** Delivers topics within this process: in order, and never before the code that emits them has gone on. */
export class InProcessSignals implements SignalTransport {
  readonly name = 'in-process';
  /** The same as on Postgres, so that what works here works there. */
  readonly limits: SignalLimits = { topicBytes: 7_900, topicsAtOnce: 500, callsAtOnce: 1 };
  #listener: TopicListener | undefined;
  #deliverQueued: () => void = () => undefined;
  #queue: string[] = [];

  async listen(listener: TopicListener): Promise<void> {
    this.#listener = listener;
    // Not in the async context of whoever emits: a signal that comes from another process would not have it either.
    this.#deliverQueued = AsyncResource.bind(() => this.#deliver());
  }

  async publish(topics: readonly string[]): Promise<void> {
    if (this.#listener === undefined) return;
    if (this.#queue.length === 0) nextTurn(this.#deliverQueued);
    for (const topic of topics) this.#queue.push(topic);
  }

  async close(): Promise<void> {
    this.#listener = undefined;
  }

  #deliver(): void {
    const topics = this.#queue;
    this.#queue = [];
    for (const topic of topics) this.#listener?.topic(topic);
  }
}
