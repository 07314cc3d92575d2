/** How much of them there was at some point. */
export interface EffectsMark {
  readonly topics: number;
  readonly callbacks: number;
}

/** What a transaction does when, and only when, it has been committed: signals, and the work of `afterCommit`. */
export class CommitEffects {
  readonly #topics: string[] = [];
  readonly #callbacks: (() => unknown)[] = [];

  /** The signals, in order. */
  get topics(): readonly string[] {
    return this.#topics;
  }

  get isEmpty(): boolean {
    return this.#topics.length === 0 && this.#callbacks.length === 0;
  }

  /** Whether there is work to do after the commit. */
  get hasWork(): boolean {
    return this.#callbacks.length > 0;
  }

  /** Keeps a signal. */
  emit(topic: string): void {
    this.#topics.push(topic);
  }

  /** Keeps a piece of work. */
  call(work: () => unknown): void {
    this.#callbacks.push(work);
  }

  /** Notes how far it is, for {@link CommitEffects.takeBack}. */
  mark(): EffectsMark {
    return { topics: this.#topics.length, callbacks: this.#callbacks.length };
  }

  /** Takes back what came after a mark. */
  takeBack({ topics, callbacks }: EffectsMark): void {
    this.#topics.length = topics;
    this.#callbacks.length = callbacks;
  }

  /**
   * Does the work, one after another; after the commit.
   *
   * @param report - is told what it throws
   */
  async run(report: (error: unknown) => void): Promise<void> {
    for (const work of this.#callbacks) {
      try {
        await work();
      } catch (error) {
        report(error);
      }
    }
  }
}
