import { AsyncResource } from 'node:async_hooks';
import type { TopicListener } from '../adapter.js';

/** Delivers topics within this process: in order, and never before the code that emits them has gone on. */
export class InProcessSignalBus {
  #listener: TopicListener | undefined;
  #deliverQueued: () => void = () => undefined;
  #queue: string[] = [];

  listen(listener: TopicListener): void {
    this.#listener = listener;
    // Not in the async context of whoever emits: a signal that comes from another process would not have it either.
    this.#deliverQueued = AsyncResource.bind(() => this.#deliver());
  }

  publish(topic: string): void {
    if (this.#listener === undefined) return;
    if (this.#queue.length === 0) setImmediate(this.#deliverQueued);
    this.#queue.push(topic);
  }

  close(): void {
    this.#listener = undefined;
  }

  #deliver(): void {
    const topics = this.#queue;
    this.#queue = [];
    for (const topic of topics) this.#listener?.topic(topic);
  }
}
