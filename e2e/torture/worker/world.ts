import {
  ConnectionLostError,
  JustScaleError,
  type Repository,
  type Store,
  type TransactionOptions,
} from '@justscale/runtime';
import { setTimeout as delay } from 'node:timers/promises';
import {
  Account,
  Group,
  Issued,
  ListRow,
  Member,
  Sequence,
  TortureSignals,
} from '../domain/models.js';
import { Entry, Slot } from '../domain/audited-models.js';
import type { PhaseTrap } from './phase-trap.js';
import type { Random } from './random.js';
import type { Attempt, Recorder } from './recorder.js';
import type { Tally } from './tally.js';

/** What the operations of a worker work on. */
export class World {
  readonly lists: Repository<ListRow>;
  readonly accounts: Repository<Account>;
  readonly sequences: Repository<Sequence>;
  readonly issued: Repository<Issued>;
  readonly groups: Repository<Group>;
  readonly members: Repository<Member>;
  readonly slots: Repository<Slot>;
  readonly entries: Repository<Entry>;
  readonly signals: TortureSignals;

  constructor(
    readonly store: Store,
    readonly random: Random,
    readonly recorder: Recorder,
    readonly trap: PhaseTrap,
    readonly tally: Tally,
    readonly thinkMs: number,
    readonly maxConnections: number,
  ) {
    this.lists = store.repository(ListRow);
    this.accounts = store.repository(Account);
    this.sequences = store.repository(Sequence);
    this.issued = store.repository(Issued);
    this.groups = store.repository(Group);
    this.members = store.repository(Member);
    this.slots = store.repository(Slot);
    this.entries = store.repository(Entry);
    this.signals = store.signals(TortureSignals);
  }

  /** Waits like code that computes something under its lock; most of it is quick. */
  async think(): Promise<void> {
    if (this.random.chance(30))
      await delay(this.random.int(0, this.random.chance(10) ? this.thinkMs : this.thinkMs / 15));
  }

  /** Runs and records one transaction; each retry is an attempt of its own. */
  async transaction(
    kind: string,
    work: (attempt: Attempt) => Promise<void>,
    options?: TransactionOptions,
  ): Promise<void> {
    let attempt: Attempt | undefined;
    try {
      await this.store.transaction(async () => {
        if (attempt !== undefined) {
          attempt.settles('fail', 'retried');
          this.tally.provoke('deadlock, run again by retries');
        }
        attempt = this.recorder.begin(kind);
        await this.trap.pass('begun');
        await work(attempt);
        await this.trap.pass('before commit');
        attempt.leaves();
      }, options);
      await this.trap.pass('committed');
      this.settle(kind, attempt, undefined);
    } catch (error) {
      this.settle(kind, attempt, error);
    }
  }

  /** Records how an attempt ended. */
  settle(kind: string, attempt: Attempt | undefined, error: unknown): void {
    if (error === undefined) {
      attempt?.settles('ok');
      this.tally.operation(kind, 'ok');
      return;
    }
    const outcome =
      error instanceof ConnectionLostError && error.outcome === 'unknown' ? 'unknown' : 'fail';
    attempt?.settles(
      outcome,
      error instanceof JustScaleError ? error.code : (error as Error).toString(),
    );
    this.tally.operation(kind, outcome);
    this.tally.error(error);
  }
}
