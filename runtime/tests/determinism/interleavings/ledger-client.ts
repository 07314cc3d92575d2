import assert from 'node:assert/strict';
import {
  DeadlockError,
  DuplicateEntityError,
  EntityNotFoundError,
  gte,
  LockTimeoutError,
  oneOf,
  type Locked,
  type Repository,
  type Store,
} from '@justscale/runtime';
import {
  Account,
  LedgerSignals,
  OPENING_BALANCE,
  PAID_IDS,
  PASSING_IDS,
  SHARED_IDS,
} from './ledger-models.js';
import type { Action, Program, Work } from './program.js';
import { copy, type Session, type Truth } from './truth.js';

/** What a transaction is rolled back with on purpose. */
class Abandoned extends Error {}

/** What a savepoint fails with on purpose. */
class Undone extends Error {}

/** What may befall a transaction that does nothing wrong. */
const EXPECTED = [
  Abandoned,
  DeadlockError,
  DuplicateEntityError,
  EntityNotFoundError,
  LockTimeoutError,
];

/** Does the works of one client, and holds every answer against the truth. */
export class LedgerClient {
  readonly #name: string;
  readonly #store: Store;
  readonly #accounts: Repository<Account>;
  readonly #signals: LedgerSignals;
  readonly #truth: Truth;
  readonly #turn: (label: string) => Promise<void>;

  /**
   * @param turn - resolves when it is this client's turn
   */
  constructor(name: string, store: Store, truth: Truth, turn: (label: string) => Promise<void>) {
    this.#name = name;
    this.#store = store;
    this.#accounts = store.repository(Account);
    this.#signals = store.signals(LedgerSignals);
    this.#truth = truth;
    this.#turn = turn;
  }

  async run(works: Program[number]): Promise<void> {
    for (const [index, work] of works.entries()) {
      const session = this.#truth.begin(`${this.#name}.${index}`);
      await this.#next(session, work.mode);
      if (work.mode === 'alone') {
        for (const action of work.actions) await this.#alone(session, action);
      } else {
        await this.#transaction(session, work);
      }
    }
  }

  async #transaction(session: Session, { actions, end }: Work): Promise<void> {
    try {
      await this.#store.transaction(async () => {
        await this.#all(session, actions);
        if (end === 'throw') throw new Abandoned();
        this.#truth.commits(session);
      });
    } catch (error) {
      this.#truth.end(session);
      if (!EXPECTED.some((expected) => error instanceof expected)) throw error;
    }
  }

  async #all(session: Session, actions: readonly Action[]): Promise<void> {
    for (const action of actions) {
      await this.#next(session, action.kind);
      await this.#perform(session, action);
    }
  }

  async #perform(session: Session, action: Action): Promise<void> {
    switch (action.kind) {
      case 'pay':
        return this.#pay(session, action);
      case 'transfer':
        return this.#transfer(session, action);
      case 'mutate':
        return this.#mutate(session, action);
      case 'create':
        return this.#create(session, action.id);
      case 'remove':
        return this.#remove(session, action.id);
      case 'name':
        await this.#store.lockName(action.name);
        return void this.#truth.acquired(session, `name ${action.name}`);
      case 'peek':
        return this.#peek(session, action.id);
      case 'scan':
        return this.#scan(session);
      case 'seek':
        return this.#seek(session, action.atLeast);
      case 'take':
        return this.#take(session, action);
      case 'create many':
        return this.#createMany(session);
      case 'part':
        return this.#part(session, action);
      case 'emit':
        return this.#emit(session, action.id);
      case 'nest':
        return this.#store.transaction(() => this.#all(session, action.actions));
    }
  }

  async #alone(session: Session, action: Action): Promise<void> {
    if (action.kind === 'peek') return this.#peek(undefined, action.id);
    if (action.kind === 'scan') return this.#scan(undefined);
    if (action.kind !== 'mutate') return;
    await this.#accounts.mutate(Account.ref(action.id), (account) => {
      this.#truth.acquired(session, action.id);
      this.#truth.readLocked(session, action.id, account);
      const entry = this.#paid(session, account, action.amount);
      this.#truth.wrote(session, action.id, entry);
      this.#truth.commits(session);
      return entry;
    });
  }

  async #pay(session: Session, action: Extract<Action, { kind: 'pay' }>): Promise<void> {
    const { id, amount, wait } = action;
    const account = await this.#accounts.lock(Account.ref(id), { wait });
    if (account === null) {
      if (wait !== 'skip') this.#truth.readLocked(session, id, null);
      return;
    }
    this.#noteLock(session, account);
    await this.#next(session, 'update');
    await this.#update(session, account, amount);
  }

  async #transfer(session: Session, action: Extract<Action, { kind: 'transfer' }>): Promise<void> {
    const refs = [Account.ref(action.from), Account.ref(action.to)];
    if (action.isMany) {
      for (const account of await this.#accounts.lockMany(refs)) this.#noteLock(session, account);
    }
    const parties: Locked<Account>[] = [];
    for (const ref of refs) {
      await this.#next(session, 'lock');
      const account = await this.#accounts.lock(ref);
      assert.ok(account !== null);
      this.#noteLock(session, account);
      parties.push(account);
    }
    for (const [index, account] of parties.entries()) {
      await this.#next(session, 'update');
      await this.#update(session, account, index === 0 ? -1 : 1);
    }
  }

  async #mutate(session: Session, { id, amount }: { id: string; amount: number }): Promise<void> {
    let entry: ReturnType<typeof copy> | undefined;
    const written = await this.#accounts.mutate(Account.ref(id), (account) => {
      this.#noteLock(session, account);
      return (entry = this.#paid(session, account, amount));
    });
    if (written === null) this.#truth.readLocked(session, id, null);
    else this.#truth.wrote(session, id, entry);
  }

  async #create(session: Session, id: string): Promise<void> {
    // Made again in the transaction that removed it, it would be another entity to those who wait for the old one.
    if (session.writes.has(id)) return;
    const entry = { balance: OPENING_BALANCE, writer: this.#truth.nextWriter(session) };
    try {
      await this.#accounts.save(new Account({ ...entry }, { id }));
    } catch (error) {
      if (error instanceof DuplicateEntityError) this.#truth.refusedAsDuplicate(session, id);
      throw error;
    }
    this.#truth.created(session, id, entry);
  }

  async #remove(session: Session, id: string): Promise<void> {
    const account = await this.#accounts.lock(Account.ref(id));
    if (account === null) return void this.#truth.readLocked(session, id, null);
    this.#noteLock(session, account);
    await this.#next(session, 'delete');
    await this.#accounts.delete(account);
    this.#truth.wrote(session, id, undefined);
  }

  async #peek(session: Session | undefined, id: string): Promise<void> {
    const account = await this.#accounts.get(Account.ref(id));
    if (account !== null) this.#truth.readUnlocked(session, id, account);
  }

  async #scan(session: Session | undefined): Promise<void> {
    const accounts = await this.#accounts.find();
    for (const account of accounts) this.#truth.readUnlocked(session, account.id, account);
    if ((session?.writes.size ?? 0) > 0) return;
    // A transfer is seen as a whole or not at all.
    const shared = accounts.filter(({ id }) => SHARED_IDS.some((sharedId) => sharedId === id));
    const sum = shared.reduce((total, { balance }) => total + balance, 0);
    assert.equal(sum, SHARED_IDS.length * OPENING_BALANCE);
  }

  async #seek(session: Session, atLeast: number): Promise<void> {
    for (const account of await this.#accounts.find({ balance: gte(atLeast) })) {
      assert.ok(account.balance >= atLeast);
      this.#truth.readUnlocked(session, account.id, account);
    }
  }

  async #take(session: Session, action: Extract<Action, { kind: 'take' }>): Promise<void> {
    const { atLeast, amount, wait, limit, strength } = action;
    const where = { id: oneOf([...PAID_IDS, ...PASSING_IDS]), balance: gte(atLeast) };
    const options = { orderBy: { balance: 'desc' }, wait, limit, strength } as const;
    const accounts = await this.#accounts.lockWhere(where, options);
    assert.ok(accounts.length <= limit);
    for (const account of accounts) {
      assert.ok(account.balance >= atLeast);
      this.#noteLock(session, account);
    }
    for (const account of accounts) {
      await this.#next(session, 'update');
      await this.#update(session, account, amount);
    }
  }

  async #createMany(session: Session): Promise<void> {
    const ids = PASSING_IDS.filter((id) => !session.writes.has(id));
    const entries = ids.map((id) => {
      const entry = { balance: OPENING_BALANCE, writer: this.#truth.nextWriter(session) };
      return { id, entry };
    });
    await this.#accounts.saveMany(entries.map(({ id, entry }) => new Account(entry, { id })));
    for (const { id, entry } of entries) this.#truth.created(session, id, entry);
  }

  async #part(session: Session, action: Extract<Action, { kind: 'part' }>): Promise<void> {
    const mark = this.#truth.mark(session);
    const part = this.#store.savepoint(async () => {
      await this.#all(session, action.actions);
      if (!action.fails) return;
      this.#truth.undo(session, mark);
      throw new Undone();
    });
    await part.catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error;
    });
  }

  async #emit(session: Session, id: string): Promise<void> {
    const writer = this.#truth.nextWriter(session);
    await this.#signals.booked.emit({ account: Account.ref(id), writer });
    session.topics.push(`${id} ${writer}`);
  }

  #noteLock(session: Session, account: Locked<Account>): void {
    this.#truth.acquired(session, account.id);
    this.#truth.readLocked(session, account.id, account);
  }

  async #update(session: Session, account: Locked<Account>, amount: number): Promise<void> {
    const entry = this.#paid(session, account, amount);
    const written = await this.#accounts.update(account, entry);
    assert.deepEqual(copy(written), entry);
    assert.deepEqual(copy(account), entry);
    this.#truth.wrote(session, account.id, entry);
  }

  #paid(session: Session, { balance }: Locked<Account>, amount: number): ReturnType<typeof copy> {
    return { balance: balance + amount, writer: this.#truth.nextWriter(session) };
  }

  #next({ label }: Session, what: string): Promise<void> {
    return this.#turn(`${label} ${what}`);
  }
}
