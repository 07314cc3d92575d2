// Kept: fake timers of tests replace it later, and would hang every write.
const { nextTick } = process;

/**
 * Statements that are sent when the current turn of the event loop is over, in their order: a write that nobody awaits is
 * then refused, because its transaction has ended, instead of racing with the COMMIT.
 */
export class StatementQueue {
  #waiting: (() => void)[] = [];

  /** @param send - called once; whether it still may send is its own business */
  add(send: () => void): void {
    this.#waiting.push(send);
    if (this.#waiting.length === 1) nextTick(() => this.flush());
  }

  /** Calls at once what waits. */
  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const send of waiting) send();
  }
}
