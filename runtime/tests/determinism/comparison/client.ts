import { DuplicateEntityError, type Locked, type Repository, type Store } from '@justscale/runtime';
import { openTransaction, type OpenTransaction } from '@justscale/runtime/testing';
import { whereOf } from './where-of.js';
import type { Operation } from './operation.js';
import { outcomeOf, shown, type Outcome } from './outcome.js';
import { Item, ItemSignals } from './schema.js';

/** What a savepoint fails with on purpose. */
class Undone extends Error {
  override readonly name = 'Undone';
}

type WriteOperation = Extract<
  Operation,
  { kind: 'update' | 'invalid' } | { kind: 'delete' } | { kind: 'steal' }
>;

/** One client of one store: at most one open transaction, and at most one operation that waits. */
export class Client {
  /** The locks that it was given, released ones included. */
  readonly locks = new Map<string, Locked<Item>>();
  /** What it waits for; `undefined` when it can go on. */
  waiting: Operation | undefined;
  readonly #store: Store;
  readonly #items: Repository<Item>;
  readonly #program: string;
  #transaction: OpenTransaction | undefined;

  constructor(store: Store, program: string) {
    this.#store = store;
    this.#items = store.repository(Item);
    this.#program = program;
  }

  get isInTransaction(): boolean {
    return this.#transaction !== undefined;
  }

  /** Begins an operation; its outcome comes when it does. */
  async begin(operation: Operation, step: number, others: readonly Client[]): Promise<Outcome> {
    this.waiting = operation;
    const transaction = this.#transaction;
    const perform = (): Promise<unknown> => this.#perform(operation, step, others);
    const outcome = await outcomeOf(
      transaction === undefined || operation.kind === 'commit' || operation.kind === 'throw'
        ? perform()
        : transaction.run(perform),
    );
    this.waiting = undefined;
    return outcome;
  }

  /** Rolls back what is open, whatever state it is in. */
  async abandon(): Promise<void> {
    await this.#transaction?.rollBack().catch(() => undefined);
  }

  async #perform(operation: Operation, step: number, others: readonly Client[]): Promise<unknown> {
    switch (operation.kind) {
      case 'begin':
        this.#transaction ??= await openTransaction(this.#store);
        return undefined;
      case 'commit':
      case 'throw':
        return this.#end(operation.kind);
      case 'find': {
        const found = await this.#items.find({ program: this.#program }, { orderBy: 'amount' });
        return found.map(shown);
      }
      case 'get':
        return shown(await this.#items.get(this.#ref(operation.id)));
      case 'lock': {
        const { id, wait, timeoutMs, strength } = operation;
        const options = { wait, strength, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
        return this.#keep(id, await this.#items.lock(this.#ref(id), options));
      }
      case 'lockMany': {
        const locked = await this.#items.lockMany(
          operation.ids.map((id) => this.#ref(id)),
          { strength: operation.strength },
        );
        return locked.map((item, index) => this.#keep(operation.ids[index] ?? '', item));
      }
      case 'where': {
        const where = whereOf(this.#program, operation.condition);
        return (await this.#items.find(where, { orderBy: 'amount' })).map(shown);
      }
      case 'lockWhere': {
        const { condition, wait, limit, order } = operation;
        const options = { wait, orderBy: { amount: order }, ...(limit ? { limit } : {}) };
        const locked = await this.#items.lockWhere(whereOf(this.#program, condition), options);
        return locked.map((item) => this.#keep(item.id.slice(this.#program.length + 1), item));
      }
      case 'saveMany': {
        const drafts = operation.ids.map((id) => this.#draft(id, step));
        return (await this.#items.saveMany(drafts)).map(shown);
      }
      case 'savepoint':
        return this.#savepoint(operation, step);
      case 'lockName':
        return this.#store.lockName(`${this.#program} ${operation.name}`);
      case 'mutate': {
        const change = (item: Locked<Item>): { amount: number } => ({
          amount: item.amount + operation.amount,
        });
        return shown(
          await this.#items.mutate(this.#ref(operation.id), change, {
            strength: operation.strength,
          }),
        );
      }
      case 'create':
        return this.#create(operation.id, step);
      case 'emit':
        return this.#store
          .signals(ItemSignals)
          .touched.emit({ item: this.#ref(operation.id), step: String(step) });
      default:
        return this.#write(operation, others);
    }
  }

  async #write(operation: WriteOperation, others: readonly Client[]): Promise<unknown> {
    const owner = operation.kind === 'steal' ? others[operation.from] : this;
    const item = owner?.locks.get(operation.id);
    if (item === undefined) return undefined;
    switch (operation.kind) {
      case 'update': {
        const patch = { amount: operation.amount, note: `by ${operation.amount}` };
        const written = await this.#items.update(item, patch);
        return [shown(written), shown(item)];
      }
      case 'invalid':
        return this.#items.update(item, { amount: 'much' as never });
      case 'steal':
        return shown(await this.#items.update(item, { note: undefined }));
      case 'delete':
        return this.#items.delete(item);
    }
  }

  async #savepoint(
    { id, created, amount, fails }: Extract<Operation, { kind: 'savepoint' }>,
    step: number,
  ): Promise<unknown> {
    const item = this.locks.get(id);
    try {
      await this.#store.savepoint(async () => {
        if (item !== undefined) await this.#items.update(item, { amount });
        await this.#create(created, step);
        if (fails) throw new Undone();
      });
    } catch (error) {
      const isUndone = error instanceof Undone || error instanceof DuplicateEntityError;
      if (!isUndone) throw error;
      return ['undone', error.name, item === undefined ? null : shown(item)];
    }
    return item === undefined ? null : shown(item);
  }

  async #create(id: string, step: number): Promise<unknown> {
    return shown(await this.#items.save(this.#draft(id, step)));
  }

  #draft(id: string, step: number): Item {
    return new Item({ program: this.#program, amount: step }, { id: this.#id(id) });
  }

  async #end(how: 'commit' | 'throw'): Promise<void> {
    const transaction = this.#transaction;
    this.#transaction = undefined;
    await (how === 'commit' ? transaction?.commit() : transaction?.rollBack());
  }

  #keep(id: string, item: Locked<Item> | null): unknown {
    if (item !== null) this.locks.set(id, item);
    return shown(item);
  }

  #id(id: string): string {
    return `${this.#program}-${id}`;
  }

  #ref(id: string): ReturnType<typeof Item.ref<Item>> {
    return Item.ref<Item>(this.#id(id));
  }
}
