/** How long a reply may take. */
export interface ReplyLimit {
  readonly timeoutMs: number;
  /** A read can be cancelled; with a COMMIT that gives no reply the connection is given up, since nobody knows what it came to. */
  readonly whenLate: 'cancel' | 'give up';
}

interface Expected {
  readonly limit: ReplyLimit;
  /** In milliseconds of `performance.now()`. */
  due: number;
}

/** Looks for replies that do not come, with one timer for a whole connection: one for each would cost more than some statements do. */
export class ReplyWatch {
  readonly #onLate: (limit: ReplyLimit) => void;
  readonly #expected = new Map<object, Expected>();
  #timer: NodeJS.Timeout | undefined;

  /** @param onLate - called for a reply that is late, and again each time that it is late once more */
  constructor(onLate: (limit: ReplyLimit) => void) {
    this.#onLate = onLate;
  }

  /** Expects the reply to a query, counted from now. */
  expect(query: object, limit: ReplyLimit): void {
    this.#expected.set(query, { limit, due: performance.now() + limit.timeoutMs });
    this.#timer ??= this.#start(limit.timeoutMs);
  }

  /** Notes that the reply is there. */
  settle(query: object): void {
    this.#expected.delete(query);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#expected.clear();
  }

  #start(inMs: number): NodeJS.Timeout {
    // A process that slept wakes up to a timer that is over and a reply that is there: that one is read first.
    return setTimeout(() => setImmediate(() => this.#check()), inMs);
  }

  #check(): void {
    const now = performance.now();
    const late = [...this.#expected.values()].filter(({ due }) => due <= now);
    for (const expected of late) expected.due = now + expected.limit.timeoutMs;
    const [first] = late;
    if (first !== undefined) this.#onLate(first.limit);
    let next = Infinity;
    for (const { due } of this.#expected.values()) next = Math.min(next, due);
    this.#timer = next < Infinity ? this.#start(next - now) : undefined;
  }
}
