import type { Locked, Repository, Store } from '@justscale/runtime';
import { openTransaction, type OpenTransaction } from '@justscale/runtime/testing';
import type { Operation } from './operation.js';
import { outcomeOf, shown, type Outcome } from './outcome.js';
import { Item, ItemSignals } from './schema.js';

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
        const { id, wait, timeoutMs } = operation;
        const options = { wait, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
        return this.#keep(id, await this.#items.lock(this.#ref(id), options));
      }
      case 'lockMany': {
        const locked = await this.#items.lockMany(operation.ids.map((id) => this.#ref(id)));
        return locked.map((item, index) => this.#keep(operation.ids[index] ?? '', item));
      }
      case 'lockName':
        return this.#store.lockName(`${this.#program} ${operation.name}`);
      case 'mutate': {
        const change = (item: Locked<Item>): { amount: number } => ({
          amount: item.amount + operation.amount,
        });
        return shown(await this.#items.mutate(this.#ref(operation.id), change));
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

  async #create(id: string, step: number): Promise<unknown> {
    const fields = { program: this.#program, amount: step };
    return shown(await this.#items.save(new Item(fields, { id: this.#id(id) })));
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
