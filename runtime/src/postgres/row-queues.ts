import type { Connection } from './connection.js';
import { now, startTimer, stopTimer } from './real-time.js';

/**
 * The longest wait in a queue of this process, in milliseconds: who has waited for so long asks the database, which knows who holds
 * the row, whatever became of those before.
 */
export const PATIENCE_MS = 250;

/** A place in the queue for a row: its transaction waits for its turn, or has it. */
export interface RowPlace {
  /**
   * Resolves when it may ask the database for the row, with the connection of the one before it if it can go on there;
   * `undefined` when nobody was before it.
   */
  readonly turn: Promise<Connection | undefined> | undefined;
  /** Whether somebody waits behind it. */
  readonly isFollowed: boolean;
  /** Waits no longer, and gives up its place; nothing when its turn has come. */
  stopWaiting(): void;
  /**
   * Gives up its place, and lets the next one have its turn.
   *
   * @param connection - on which the next one can go on
   */
  leave(connection?: Connection): void;
}

/**
 * Lets the transactions of one process ask the database for the same row one after another, in order of arrival: one that waits in the
 * database holds a connection and a process there, and is woken up at some expense.
 *
 * Only who has sent no statement may wait here: it holds nothing in the database, so that nobody there waits for it, and a
 * circle of those that wait for each other never leads through this queue.
 */
export class RowQueues {
  readonly #places = new Map<string, Place[]>();
  readonly #waiting = new Set<Place>();
  #timer: NodeJS.Timeout | undefined;

  /** Takes the last place in the queue for a row. */
  enter(key: string): RowPlace {
    const queue = this.#places.get(key);
    if (queue === undefined) {
      const first = new Place(this, key);
      this.#places.set(key, [first]);
      return first;
    }
    const place = new Place(this, key);
    place.wait();
    queue.push(place);
    this.#waiting.add(place);
    this.#timer ??= startTimer(() => this.#expire(), PATIENCE_MS);
    return place;
  }

  /** Whether somebody waits behind a place. */
  isFollowed(place: Place): boolean {
    const queue = this.#places.get(place.key);
    return queue?.[0] === place && queue.length > 1;
  }

  /** Takes a place out of its queue. */
  remove(place: Place, connection: Connection | undefined): void {
    const queue = this.#places.get(place.key);
    const at = queue?.indexOf(place) ?? -1;
    if (queue === undefined || at === -1) return;
    queue.splice(at, 1);
    this.#waiting.delete(place);
    if (queue.length === 0) this.#places.delete(place.key);
    if (at > 0) place.begin(undefined);
    else this.#begin(queue[0], connection);
    if (this.#waiting.size > 0) return;
    stopTimer(this.#timer);
    this.#timer = undefined;
  }

  #begin(next: Place | undefined, connection: Connection | undefined): void {
    if (next === undefined) return;
    this.#waiting.delete(next);
    next.begin(connection);
  }

  #expire(): void {
    const late = now() - PATIENCE_MS;
    this.#timer = undefined;
    for (const place of [...this.#waiting]) if (place.since <= late) place.leave();
    if (this.#waiting.size > 0) this.#timer ??= startTimer(() => this.#expire(), PATIENCE_MS);
  }
}

class Place implements RowPlace {
  readonly key: string;
  turn: Promise<Connection | undefined> | undefined;
  /** Since when it waits, in milliseconds of {@link now}. */
  since = 0;
  readonly #queues: RowQueues;
  #resolve: ((connection: Connection | undefined) => void) | undefined;

  constructor(queues: RowQueues, key: string) {
    this.#queues = queues;
    this.key = key;
  }

  get isFollowed(): boolean {
    return this.#queues.isFollowed(this);
  }

  wait(): void {
    this.since = now();
    this.turn = new Promise((resolve) => (this.#resolve = resolve));
  }

  begin(connection: Connection | undefined): void {
    this.#resolve?.(connection);
    this.#resolve = undefined;
  }

  stopWaiting(): void {
    if (this.#resolve !== undefined) this.leave();
  }

  leave(connection?: Connection): void {
    this.#queues.remove(this, connection);
  }
}
