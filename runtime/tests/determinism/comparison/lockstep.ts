import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Store } from '@justscale/runtime';
import { Client } from './client.js';
import { CLIENTS, STORED, type Operation, type Steps } from './operation.js';
import type { Outcome } from './outcome.js';
import { Item, ItemSignals } from './schema.js';

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

const HOPELESS_AFTER_MS = 5_000;

/**
 * Runs one program on both stores, step by step: the next one begins when memory is at rest and Postgres has answered
 * what memory has answered, and waits where memory waits. Whatever differs is thrown.
 */
export class Lockstep {
  readonly #name: string;
  readonly #memory: Store;
  readonly #postgres: PostgresSide;
  readonly #memoryClients: readonly Client[];
  readonly #postgresClients: readonly Client[];
  #pending: Pending[] = [];

  /**
   * @param name - of the program; its rows, names and signals have it
   */
  constructor(name: string, memory: Store, postgres: PostgresSide) {
    this.#name = name;
    this.#memory = memory;
    this.#postgres = postgres;
    this.#memoryClients = Array.from({ length: CLIENTS }, () => new Client(memory, name));
    this.#postgresClients = Array.from({ length: CLIENTS }, () => new Client(postgres.store, name));
  }

  async run(steps: Steps): Promise<void> {
    const stores = [this.#memory, this.#postgres.store];
    for (const store of stores) await this.#populate(store);
    const heard = await Promise.all(stores.map((store) => hear(store, this.#name)));
    for (const [step, { client, operation }] of steps.entries()) {
      if (this.#canBegin(client, operation)) await this.#begin(step, client, operation);
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
    const waiting = this.#pending.map((pending) => pending.operation);
    if (this.#pending.some((pending) => pending.client === client)) return false;
    // Of two that wait to insert one id, Postgres takes whichever wakes first.
    return (
      operation.kind !== 'create' ||
      !waiting.some((other) => other.kind === 'create' && other.id === operation.id)
    );
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
    await nextTurn();
    await nextTurn();
    if (operation.kind === 'lock' && operation.timeoutMs !== undefined) await onMemory;
    await this.#compare();
  }

  async #compare(): Promise<void> {
    const answered = this.#pending.filter(({ fromMemory }) => fromMemory !== undefined);
    const waiting = this.#pending.filter(({ fromMemory }) => fromMemory === undefined);
    for (const { step, client, operation, fromMemory, onPostgres } of answered) {
      const what = `step ${step}, client ${client}: ${JSON.stringify(operation)}`;
      assert.deepEqual(await within(onPostgres, what), fromMemory, what);
    }
    this.#pending = waiting;
    if (waiting.length === 0) return;
    await this.#postgres.waiters(waiting.length);
    for (const { step, client, operation, fromPostgres } of waiting) {
      const what = `step ${step}, client ${client}: ${JSON.stringify(operation)} waits on memory`;
      assert.equal(fromPostgres, undefined, what);
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
