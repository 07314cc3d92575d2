import type { PendingQuery, Row, RowList } from 'postgres';
import type { Client } from './driver.js';

/** A statement to send. */
export interface Statement {
  /** The same for all statements of the same text and types. */
  readonly key: string;
  build(sql: Client): PendingQuery<Row[]>;
}

/** The rows of a statement, with `count` and `command`. */
export type Rows = RowList<Row[]>;

/** The connection was lost. */
export class SlotLost extends Error {
  override readonly name = 'SlotLost';

  constructor(
    /** Whether the statement had been handed to the connection: it may have been executed. */
    readonly wasSent: boolean,
    options?: ErrorOptions,
  ) {
    super('the connection is gone', options);
  }
}

interface Pending {
  readonly statement: Statement;
  resolve(rows: Rows): void;
  reject(error: unknown): void;
}

/** The most statements on their way at a time: fewer than the driver itself would take. */
const MAX_IN_FLIGHT = 64;

/**
 * One connection, for its whole life. The driver would open a new connection under the same name when this one is lost,
 * and send there whatever waits: a write would then run outside its transaction. So nothing ever waits in the driver,
 * and a slot whose connection was lost is never used again.
 */
export class ConnectionSlot {
  readonly #client: Client;
  readonly #onDead: (slot: ConnectionSlot) => void;
  readonly #prepared = new Set<string>();
  readonly #queue: Pending[] = [];
  #inFlight = 0;
  #isPreparing = false;
  #isDead = false;
  #pid = 0;
  #onIdle: (() => void) | undefined;

  /**
   * @param open - makes the driver's client, given what to call when its connection is lost
   * @param onDead - called once, when the connection is lost or destroyed
   */
  constructor(open: (onclose: () => void) => Client, onDead: (slot: ConnectionSlot) => void) {
    this.#onDead = onDead;
    this.#client = open(() => this.#die());
  }

  /** Connects. Rejects with the driver's or the server's error. */
  async connect(): Promise<void> {
    const [row] = await this.#client<{ pid: number }[]>`select pg_backend_pid() as pid`;
    this.#pid = row?.pid ?? 0;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** The server's process. */
  get pid(): number {
    return this.#pid;
  }

  /** Whether statements are on their way or wait to be sent. */
  get isBusy(): boolean {
    return this.#inFlight > 0 || this.#queue.length > 0;
  }

  /** Sends a statement behind those before it, without waiting for their replies where that is safe. */
  execute(statement: Statement): Promise<Rows> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ statement, resolve, reject });
      this.#pump();
    });
  }

  /** Resolves when nothing is on its way any more. */
  idle(): Promise<void> {
    if (!this.isBusy) return Promise.resolve();
    return new Promise((resolve) => (this.#onIdle = resolve));
  }

  /** Closes the connection; what is on its way is lost. Never throws. */
  async destroy(): Promise<void> {
    this.#die();
    await this.#client.end({ timeout: 0 }).catch(() => undefined);
  }

  /** Closes the connection when nothing is on its way. */
  async close(): Promise<void> {
    this.#isDead = true;
    await this.#client.end({ timeout: 1 }).catch(() => undefined);
  }

  #pump(): void {
    while (this.#queue.length > 0 && !this.#isPreparing && this.#inFlight < MAX_IN_FLIGHT) {
      const pending = this.#queue.shift();
      if (pending === undefined) return;
      if (this.#isDead) pending.reject(new SlotLost(false));
      else this.#send(pending);
    }
  }

  #send({ statement, resolve, reject }: Pending): void {
    // The driver asks the server for the types of a statement's first use and holds back what follows: this waits here.
    const isFirst = !this.#prepared.has(statement.key);
    if (isFirst) this.#isPreparing = true;
    this.#inFlight += 1;
    const done = (): void => {
      if (isFirst) this.#isPreparing = false;
      this.#inFlight -= 1;
      this.#pump();
      if (!this.isBusy) this.#onIdle?.();
    };
    let query: PendingQuery<Row[]>;
    try {
      query = statement.build(this.#client);
    } catch (error) {
      done();
      reject(error);
      return;
    }
    query.then(
      (rows) => {
        this.#prepared.add(statement.key);
        done();
        resolve(rows as unknown as Rows);
      },
      (error: unknown) => {
        this.#prepared.delete(statement.key);
        done();
        reject(this.#isDead ? new SlotLost(true, { cause: error }) : error);
      },
    );
  }

  #die(): void {
    if (this.#isDead) return;
    this.#isDead = true;
    this.#onDead(this);
    void this.#client.end({ timeout: 0 }).catch(() => undefined);
    this.#isPreparing = false;
    this.#pump();
  }
}
