import { randomUUID } from 'node:crypto';
import type { AdapterCapabilities } from '../adapter/capabilities.js';
import type { Operator } from '../adapter/query.js';
import type { Locked, Persistent, Ref } from '../model/states.js';
import type { Repository } from '../store/repository.js';
import type { Store } from '../store/store.js';
import { ConformanceAccount, ConformanceRecord, ConformanceSignals } from './conformance-models.js';

/** One thing that a user relies on. */
export interface ConformanceCase {
  readonly title: string;
  /** What an adapter must declare for it; without this every adapter keeps it. */
  readonly needs?: Needs;
  run(world: ConformanceWorld): Promise<void>;
}

/** Capabilities of an adapter, see `AdapterCapabilities`. */
export interface Needs {
  /** Locks on rows: transactions that lock different ones do not wait for each other. */
  readonly locks?: 'row';
  readonly conditions?: readonly Operator[];
  readonly savepoints?: true;
  readonly generated?: true;
}

/** Whether an adapter that can do this has to pass a case. */
export function isSelected({ needs = {} }: ConformanceCase, can: AdapterCapabilities): boolean {
  const { locks, conditions = [], savepoints, generated } = needs;
  return (
    (locks === undefined || can.locks === locks) &&
    (savepoints === undefined || can.savepoints === true) &&
    (generated === undefined || can.generated === true) &&
    conditions.every((operator) => can.conditions.includes(operator))
  );
}

/** A store for one case, with what the cases share. Its rows belong to this case alone. */
export class ConformanceWorld {
  readonly store: Store;
  readonly accounts: Repository<ConformanceAccount>;
  readonly records: Repository<ConformanceRecord>;
  readonly signals: ConformanceSignals;
  readonly #prefix = randomUUID();
  #count = 0;

  constructor(
    store: Store,
    /** Opens another store: over the same database, or over one of its own where there is none to share. */
    readonly openStore: () => Promise<Store>,
  ) {
    this.store = store;
    this.accounts = store.repository(ConformanceAccount);
    this.records = store.repository(ConformanceRecord);
    this.signals = store.signals(ConformanceSignals);
  }

  /** An id that no other case has; ascending within a case. */
  id(): string {
    return `${this.#prefix}-${String((this.#count += 1)).padStart(4, '0')}`;
  }

  /** A name that no other case has. */
  name(): string {
    return `name-${this.id()}`;
  }

  /** A stored account. */
  async account(
    fields: { owner?: string; balance?: number; nick?: string } = {},
  ): Promise<Persistent<ConformanceAccount>> {
    return this.accounts.save(
      new ConformanceAccount({ owner: 'ada', balance: 100, ...fields }, { id: this.id() }),
    );
  }

  /** The stored balance. */
  async balance(
    of: Ref<ConformanceAccount> | Persistent<ConformanceAccount>,
  ): Promise<number | undefined> {
    return (await this.accounts.get(ConformanceAccount.ref(of)))?.balance;
  }

  /** Runs `use` in a transaction with a lock on the account. */
  async withLock<R>(
    of: Persistent<ConformanceAccount>,
    use: (account: Locked<ConformanceAccount>) => Promise<R>,
  ): Promise<R> {
    const run = async (): Promise<R> => use(await this.lock(of));
    // What `use` returns is up to the case; the type parameter hides it from the check of results.
    return this.store.transaction(run);
  }

  /** Locks an account that exists, in the running transaction. */
  async lock(
    of: Persistent<ConformanceAccount> | Ref<ConformanceAccount>,
  ): Promise<Locked<ConformanceAccount>> {
    const account = await this.accounts.lock(ConformanceAccount.ref(of));
    if (account === null) throw new Error(`no account ${of.id}`);
    return account;
  }
}

/** A promise and how to settle it: lets one transaction wait for another. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

export function createGate(): Gate {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
