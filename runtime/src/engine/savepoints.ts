import { AsyncLocalStorage } from 'node:async_hooks';
import { LockReleasedError } from '../errors/lock-errors.js';
import { SavepointOpenError } from '../errors/store-errors.js';

/** A part of a transaction that can be undone alone. */
export interface Savepoint {
  /** The part that it is a part of. */
  readonly outer: Savepoint | undefined;
  readonly transaction: object;
  isOpen: boolean;
  isRolledBack: boolean;
  /** Settles when the part of it that was begun last is over. */
  lastPart: Promise<unknown> | undefined;
}

/** Knows in which savepoint the current code runs. */
export type SavepointContext = AsyncLocalStorage<Savepoint>;

/** The savepoints of one transaction: at any time one is the innermost, and only its code may do anything. */
export class Savepoints {
  readonly #context: SavepointContext;
  readonly #transaction: object;
  #innermost: Savepoint | undefined;
  /** Settles when the outermost savepoint that was begun last is over. */
  #lastPart: Promise<unknown> | undefined;

  constructor(context: SavepointContext, transaction: object) {
    this.#context = context;
    this.#transaction = transaction;
  }

  /** The savepoint that the current code runs in. */
  get current(): Savepoint | undefined {
    const current = this.#context.getStore();
    return current?.transaction === this.#transaction ? current : undefined;
  }

  /**
   * Refuses what is called outside of the innermost savepoint.
   *
   * @param current - where it was called
   * @throws {@link SavepointOpenError}, or {@link LockReleasedError} when its own savepoint is over
   */
  assertInside(current: Savepoint | undefined): void {
    if (current?.isOpen === false) {
      const why = 'has ended its savepoint, and this work was not awaited in it';
      throw new LockReleasedError(undefined, undefined, why);
    }
    if (current !== this.#innermost) throw new SavepointOpenError();
  }

  /** Runs `part` when those that were begun before it, as parts of the same, are over. */
  async inTurn<R>(part: (outer: Savepoint | undefined) => Promise<R>): Promise<R> {
    const outer = this.current;
    const before = outer === undefined ? this.#lastPart : outer.lastPart;
    const running = Promise.resolve(before).then(() => part(outer));
    const settled = running.catch(() => undefined);
    if (outer === undefined) this.#lastPart = settled;
    else outer.lastPart = settled;
    return running;
  }

  /** A new savepoint. */
  create(outer: Savepoint | undefined): Savepoint {
    return {
      outer,
      transaction: this.#transaction,
      isOpen: true,
      isRolledBack: false,
      lastPart: undefined,
    };
  }

  /** Runs code in a savepoint. */
  async run<R>(savepoint: Savepoint, work: () => R | PromiseLike<R>): Promise<R> {
    this.#innermost = savepoint;
    try {
      return await this.#context.run(savepoint, work);
    } finally {
      savepoint.isOpen = false;
      this.#innermost = savepoint.outer;
    }
  }
}

/** Whether what was done in a savepoint has been undone, with it or with one around it. */
export function isUndone(savepoint: Savepoint | undefined): boolean {
  return savepoint !== undefined && (savepoint.isRolledBack || isUndone(savepoint.outer));
}
