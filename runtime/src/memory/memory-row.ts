import type { StoredRow } from '../adapter/adapter.js';
import type { FieldValues } from '../model/field-values.js';
import { Lock, type LockOwner } from './lock.js';

/** What was uncommitted at some point. */
export interface MemoryRowMark {
  readonly pending: StoredRow | undefined;
  readonly writer: LockOwner | undefined;
  readonly isReplaced: boolean;
}

/** A row, its lock, and what the lock's holder has written to it and not committed. */
export class MemoryRow extends Lock {
  readonly #id: string;
  readonly #forget: (id: string) => void;
  #committed: StoredRow | undefined;
  #pending: StoredRow | undefined;
  #writer: LockOwner | undefined;
  #isReplaced = false;
  #generation = 0;
  #version = 0;

  /**
   * @param forget - called when nothing is stored under this id any more and nobody waits for it
   */
  constructor(id: string, forget: (id: string) => void) {
    super();
    this.#id = id;
    this.#forget = forget;
  }

  /** Whose uncommitted write it carries. */
  get writer(): LockOwner | undefined {
    return this.#writer;
  }

  /** Tells an entity from one that was stored under the same id after it was deleted. */
  get generation(): number {
    return this.#generation;
  }

  /** The row as `reader` sees it: its own write, otherwise what is committed. */
  read(reader: LockOwner | undefined): StoredRow | undefined {
    return this.#writer !== undefined && this.#writer === reader ? this.#pending : this.#committed;
  }

  /** Writes it as `writer`, who holds the lock; `undefined` deletes it. */
  write(writer: LockOwner, fields: FieldValues | undefined): StoredRow | undefined {
    this.#writer = writer;
    if (fields === undefined) this.#isReplaced = true;
    this.#version += 1;
    this.#pending =
      fields === undefined ? undefined : { id: this.#id, fields, version: this.#version };
    return this.#pending;
  }

  /** Makes the uncommitted write visible to all. */
  commit(): void {
    if (this.#isReplaced) this.#generation += 1;
    this.#committed = this.#pending;
    this.undo();
  }

  /** Forgets the uncommitted write. */
  undo(): void {
    this.reset(undefined);
  }

  /** Notes what is uncommitted, for {@link MemoryRow.reset}. */
  mark(): MemoryRowMark {
    return { pending: this.#pending, writer: this.#writer, isReplaced: this.#isReplaced };
  }

  /** Lets what is uncommitted be as it was; without a mark, there was nothing. */
  reset(mark: MemoryRowMark | undefined): void {
    this.#pending = mark?.pending;
    this.#writer = mark?.writer;
    this.#isReplaced = mark?.isReplaced ?? false;
  }

  protected override onFree(): void {
    if (this.#committed === undefined) this.#forget(this.#id);
  }
}
