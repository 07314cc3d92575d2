import type { TopicListener } from '../adapter/adapter.js';

/** Delivers topics within this process: in order, and never before the code that emits them has gone on. */
export class MemorySignalBus {
  #listener: TopicListener | undefined;
  #queue: string[] = [];
  #isClosed = false;

  listen(listener: TopicListener): void {
    this.#listener = listener;
  }

  publish(topics: readonly string[]): void {
    if (this.#listener === undefined || topics.length === 0) return;
    if (this.#queue.length === 0) setImmediate(() => this.#deliver());
    this.#queue.push(...topics);
  }

  close(): void {
    this.#isClosed = true;
  }

  #deliver(): void {
    const topics = this.#queue;
    this.#queue = [];
    for (const topic of topics) {
      if (!this.#isClosed) this.#listener?.topic(topic);
    }
  }
}
