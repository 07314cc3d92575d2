import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Store } from '@justscale/runtime';
import { Client } from './client.js';
import { CLIENTS, STORED, UNSTORED, type Operation, type Steps } from './operation.js';
import type { Outcome } from './outcome.js';
import { Item, ItemSignals } from './schema.js';
import type { Tally } from './tally.js';

/** Postgres, and how to see that a backend waits. */
export interface PostgresSide {
  readonly store: Store;
  /** Resolves when exactly `count` backends of the database wait for a lock, and have looked for a deadlock. */
  waiters(count: number): Promise<void>;
}

/** An operation that was begun on both stores. */
interface Pending {
  readonly client: number;
  readonly step: number;
  readonly operation: Operation;
  readonly onPostgres: Promise<Outcome>;
  fromMemory: Outcome | undefined;
  fromPostgres: Outcome | undefined;
}

/** A machine under load answers late; a store that is stuck never does. */
const HOPELESS_AFTER_MS = 20_000;

/**
 * Runs one program on both stores, step by step: the next one begins when memory is at rest and Postgres has answered
 * what memory has answered, and waits where memory waits. Whatever differs is thrown.
 */
export class Lockstep {
  readonly #name: string;
  readonly #memory: Store;
  readonly #postgres: PostgresSide;
  readonly #tally: Tally;
  readonly #memoryClients: readonly Client[];
  readonly #postgresClients: readonly Client[];
  readonly #trace: string[] = [];
  #pending: Pending[] = [];

  /**
   * @param name - of the program; its rows, names and signals have it
   * @param tally - counts what happened
   */
  constructor(name: string, memory: Store, postgres: PostgresSide, tally: Tally) {
    this.#name = name;
    this.#memory = memory;
    this.#postgres = postgres;
    this.#tally = tally;
    this.#memoryClients = Array.from({ length: CLIENTS }, () => new Client(memory, name));
    this.#postgresClients = Array.from({ length: CLIENTS }, () => new Client(postgres.store, name));
  }

  async run(steps: Steps): Promise<void> {
    try {
      await this.#run(steps);
    } catch (error) {
      throw new Error(`The stores differ after\n${this.#trace.join('\n')}`, { cause: error });
    } finally {
      // After a difference something is still open, and must not be in the way of the next program.
      const clients = [...this.#memoryClients, ...this.#postgresClients];
      await Promise.all(clients.map((client) => client.abandon()));
    }
  }

  async #run(steps: Steps): Promise<void> {
    const stores = [this.#memory, this.#postgres.store];
    for (const store of stores) await this.#populate(store);
    const heard = await Promise.all(stores.map((store) => hear(store, this.#name)));
    for (const [step, { client, operation, begins }] of steps.entries()) {
      if (!this.#canBegin(client, operation)) continue;
      if (begins && this.#memoryClients[client]?.isInTransaction === false) {
        await this.#begin(step, client, { kind: 'begin' });
      }
      await this.#begin(step, client, operation);
    }
    await this.#endAll(steps.length);
    const [onMemory, onPostgres] = await Promise.all(stores.map((store) => this.#contents(store)));
    assert.deepEqual(onPostgres, onMemory, 'what is stored in the end');
    const [heardOnMemory, heardOnPostgres] = await Promise.all(heard.map(({ all }) => all()));
    assert.deepEqual(heardOnPostgres, heardOnMemory, 'the signals that were delivered');
  }

  /** Ends every transaction; those that wait end when those they wait for have. */
  async #endAll(step: number): Promise<void> {
    while (this.#memoryClients.some(({ isInTransaction }) => isInTransaction)) {
      const client = this.#memoryClients.findIndex(
        ({ isInTransaction, waiting }) => isInTransaction && waiting === undefined,
      );
      assert.notEqual(client, -1, 'all clients wait for each other');
      await this.#begin(step, client, { kind: 'commit' });
    }
    assert.deepEqual(this.#pending, []);
  }

  #canBegin(client: number, operation: Operation): boolean {
    if (this.#pending.some((pending) => pending.client === client)) return false;
    return !this.#pending.some(({ operation: other }) => isRace(operation, other));
  }

  async #begin(step: number, client: number, operation: Operation): Promise<void> {
    const [memory, postgres] = [this.#memoryClients[client], this.#postgresClients[client]];
    assert.ok(memory !== undefined && postgres !== undefined);
    const onMemory = memory.begin(operation, step, this.#memoryClients);
    const pending: Pending = {
      client,
      step,
      operation,
      onPostgres: postgres.begin(operation, step, this.#postgresClients),
      fromMemory: undefined,
      fromPostgres: undefined,
    };
    onMemory.then(
      (outcome) => (pending.fromMemory = outcome),
      () => undefined,
    );
    pending.onPostgres.then(
      (outcome) => (pending.fromPostgres = outcome),
      () => undefined,
    );
    this.#pending.push(pending);
    this.#trace.push(`${describe(pending)} begins`);
    if (operation.kind === 'lock' && operation.timeoutMs !== undefined) await onMemory;
    // Whom it woke comes to rest, too.
    await nextTurn();
    await nextTurn();
    await this.#compare();
  }

  async #compare(): Promise<void> {
    const answered = this.#pending.filter(({ fromMemory }) => fromMemory !== undefined);
    const waiting = this.#pending.filter(({ fromMemory }) => fromMemory === undefined);
    for (const pending of answered) {
      const { fromMemory, onPostgres } = pending;
      const what = describe(pending);
      this.#trace.push(`${what} ends on memory: ${JSON.stringify(fromMemory)}`);
      assert.deepEqual(await within(onPostgres, what), fromMemory, what);
      this.#tally.count(fromMemory);
    }
    this.#pending = waiting;
    if (waiting.length === 0) return;
    await this.#postgres.waiters(waiting.length);
    this.#tally.countWait();
    for (const pending of waiting) {
      assert.equal(pending.fromPostgres, undefined, `${describe(pending)} waits on memory`);
    }
  }

  async #populate(store: Store): Promise<void> {
    const items = store.repository(Item);
    await store.transaction(async () => {
      for (const id of STORED) {
        const fields = { program: this.#name, amount: 0 };
        await items.save(new Item(fields, { id: `${this.#name}-${id}` }));
      }
    });
  }

  async #contents(store: Store): Promise<unknown> {
    const items = await store.repository(Item).find({ program: this.#name });
    return items.map(({ id, amount, note }) => [id, amount, note]);
  }
}

function describe({ step, client, operation }: Pending): string {
  return `step ${step}, client ${client}: ${JSON.stringify(operation)}`;
}

/**
 * Whether Postgres gives what both wait for to whichever wakes first: an id to insert, and a row, once its holder has
 * updated it (those who wait then queue again, for the new version of the row). An insert of an id that a mutate has
 * updated first waits for that one, too; a lock alone is not in its way.
 */
function isRace(operation: Operation, waiting: Operation): boolean {
  if (creates(operation) || creates(waiting)) {
    const written = writtenIds(waiting);
    if (writtenIds(operation).some((each) => written.includes(each))) return true;
  }
  const ids = lockedIds(waiting);
  return lockedIds(operation).some((id) => ids.includes(id));
}

function creates({ kind }: Operation): boolean {
  return kind === 'create' || kind === 'saveMany' || kind === 'savepoint';
}

function writtenIds(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case 'create':
    case 'mutate':
      return [operation.id];
    case 'saveMany':
      return operation.ids;
    case 'savepoint':
      return [operation.created];
    default:
      return [];
  }
}

function lockedIds(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case 'lock':
    case 'mutate':
      return [operation.id];
    case 'lockMany':
      return operation.ids;
    case 'lockWhere':
      return [...STORED, ...UNSTORED];
    default:
      return [];
  }
}

/** Listens for the signals of a program. */
async function hear(store: Store, program: string): Promise<{ all(): Promise<string[]> }> {
  const heard: string[] = [];
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const { touched } = store.signals(ItemSignals);
  const last = Item.ref<Item>(`${program}-last`);
  const subscription = touched.subscribe(({ item, step }) => {
    if (item.id === last.id) finish();
    else if (item.id.startsWith(`${program}-`)) heard.push(`${item.id} ${step}`);
  });
  await subscription.ready;
  return {
    async all() {
      await touched.emit({ item: last, step: 'last' });
      await finished;
      subscription.unsubscribe();
      return heard;
    },
  };
}

async function within(outcome: Promise<Outcome>, what: string): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const hopeless = new Promise<never>((_, reject) => {
    const fail = (): void => reject(new Error(`Postgres does not answer, memory has: ${what}`));
    timer = setTimeout(fail, HOPELESS_AFTER_MS);
  });
  try {
    return await Promise.race([outcome, hopeless]);
  } finally {
    clearTimeout(timer);
  }
}
