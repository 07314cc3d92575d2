import assert from 'node:assert/strict';
import { OPENING_BALANCE, PAID_IDS, SHARED_IDS } from './ledger-models.js';

/** What an account holds. */
export interface Entry {
  readonly balance: number;
  readonly writer: string;
}

/** A client's transaction, as its client knows it. */
export interface Session {
  readonly label: string;
  readonly writes: Map<string, Entry | undefined>;
  readonly topics: string[];
  /** Somebody else holds a lock that this session took and has not given back: it must have failed. */
  isRobbed: boolean;
}

/** What a session had done and held at some point. */
export interface SessionMark {
  readonly writes: ReadonlyMap<string, Entry | undefined>;
  readonly topics: number;
  readonly held: ReadonlySet<string>;
}

const OPENING: Entry = { balance: OPENING_BALANCE, writer: 'opening' };

/**
 * What must be so, whatever the interleaving: kept beside the store by the clients themselves, and asserted with every
 * answer of the store.
 */
export class Truth {
  /** What a reader under the lock has to find. */
  readonly entries = new Map<string, Entry>();
  /** The signals of what was committed, in the order of the commits. */
  readonly topics: string[] = [];
  readonly #committedWriters = new Set([OPENING.writer]);
  readonly #holders = new Map<string, Session>();
  #writes = 0;

  constructor() {
    for (const id of [...SHARED_IDS, ...PAID_IDS]) this.entries.set(id, OPENING);
  }

  begin(label: string): Session {
    return { label, writes: new Map(), topics: [], isRobbed: false };
  }

  /** A mark that no other write has. */
  nextWriter(session: Session): string {
    return `${session.label}#${(this.#writes += 1)}`;
  }

  /** Mutual exclusion. A holder may have been rolled back without having heard of it yet. */
  acquired(session: Session, key: string): void {
    const holder = this.#holders.get(key);
    if (holder !== undefined && holder !== session) holder.isRobbed = true;
    this.#holders.set(key, session);
  }

  /** No lost update: who holds the lock reads what the last holder left. */
  readLocked(session: Session, id: string, found: Entry | null): void {
    const expected = this.#seenBy(session, id);
    const what = `${session.label} reads ${id} under its lock`;
    assert.deepEqual(found === null ? undefined : copy(found), expected, what);
  }

  /** No dirty read: every value was written by who committed, or by the reader. */
  readUnlocked(session: Session | undefined, id: string, { balance, writer }: Entry): void {
    const own = session?.writes.get(id);
    if (own !== undefined) assert.deepEqual({ balance, writer }, own);
    else assert.ok(this.#committedWriters.has(writer), `${writer} has not committed ${id}`);
  }

  wrote(session: Session, id: string, entry: Entry | undefined): void {
    this.#assertHolds(session, id);
    session.writes.set(id, entry);
  }

  /** An id is given to one entity at a time. */
  created(session: Session, id: string, entry: Entry): void {
    assert.equal(this.#seenBy(session, id), undefined, `${session.label} creates ${id} twice`);
    this.acquired(session, id);
    this.wrote(session, id, entry);
  }

  refusedAsDuplicate(session: Session, id: string): void {
    assert.notEqual(this.#seenBy(session, id), undefined, `there is no ${id}`);
  }

  /** What {@link Truth.undo} goes back to. */
  mark(session: Session): SessionMark {
    const held = [...this.#holders].filter(([, holder]) => holder === session);
    const { writes, topics } = session;
    return {
      writes: new Map(writes),
      topics: topics.length,
      held: new Set(held.map(([key]) => key)),
    };
  }

  /** To be called in the last turn of the work of a savepoint that fails: what it locked, others may have from here on. */
  undo(session: Session, mark: SessionMark): void {
    session.writes.clear();
    for (const [id, entry] of mark.writes) session.writes.set(id, entry);
    session.topics.splice(mark.topics);
    for (const [key, holder] of this.#holders) {
      if (holder === session && !mark.held.has(key)) this.#holders.delete(key);
    }
  }

  /** To be called in the last turn of the transaction's work: from here on others may see it. */
  commits(session: Session): void {
    assert.equal(session.isRobbed, false, `${session.label} lost a lock and went on`);
    for (const [id, entry] of session.writes) {
      if (entry === undefined) this.entries.delete(id);
      else {
        this.entries.set(id, entry);
        this.#committedWriters.add(entry.writer);
      }
    }
    this.topics.push(...session.topics);
    this.end(session);
  }

  /** Forgets what the session holds. */
  end(session: Session): void {
    for (const [key, holder] of this.#holders) {
      if (holder === session) this.#holders.delete(key);
    }
  }

  #seenBy(session: Session, id: string): Entry | undefined {
    return session.writes.has(id) ? session.writes.get(id) : this.entries.get(id);
  }

  #assertHolds(session: Session, id: string): void {
    assert.equal(this.#holders.get(id), session, `${session.label} writes ${id} without its lock`);
  }
}

/** What an entity holds, without what else it is. */
export function copy({ balance, writer }: Entry): Entry {
  return { balance, writer };
}
