import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { startProxy, type FaultProxy } from '@justscale/fixtures/fault-proxy';
import { createDatabase, startPostgres } from '@justscale/fixtures/postgres';
import { waitUntil } from '@justscale/fixtures/wait-until';
import { SIDES, type Report } from '../process/messages.js';
import { Observer } from './observer.js';
import { SalesProcess } from './sales-process.js';
import type { DemoEvent, DemoState } from './state.js';

/** What a person who watches can do. */
export const ACTIONS = ['one each', 'storm', 'kill', 'cut the bus', 'third', 'reset'] as const;
export type Action = (typeof ACTIONS)[number];

const LOOK_EVERY_MS = 100;
const STORM = 100;
const NAMES = ['A', 'B', 'C'];
/** How long a sale thinks, in milliseconds. */
const THINKING = { 'one each': 300, storm: 5, kill: 60_000, 'while killing': 0 } as const;
const WATCHED_MS = 1_000;
const BUS_AWAY_MS = 2_000;
const BUS_LIMIT_MS = 20_000;

interface Parts {
  readonly url: string;
  readonly observer: Observer;
  readonly bus: FaultProxy;
  readonly stop: () => Promise<void>;
}

/** A database, processes of two services on it, and what is done to them. Tells each change as an event. */
export class Demo extends EventEmitter<{ event: [DemoEvent] }> {
  readonly #parts: Parts;
  readonly #processes: SalesProcess[] = [];
  readonly #looking = new AbortController();
  #looks: Promise<void> = Promise.resolve();
  #isBusCut = false;
  #running: Action | undefined;
  #last = '';
  #state: DemoState | undefined;

  private constructor(parts: Parts) {
    super();
    this.#parts = parts;
  }

  static async start(): Promise<Demo> {
    const server = await startPostgres();
    const database = await createDatabase(server);
    const observer = new Observer(database.url);
    await observer.createTables();
    const bus = await startProxy(Number(new URL(database.url).port || 5432));
    const stop = async (): Promise<void> => {
      await Promise.all([observer.close(), bus.close()]);
      await database.drop();
      await server.stop();
    };
    const demo = new Demo({ url: database.url, observer, bus, stop });
    await Promise.all([demo.#startProcess('A'), demo.#startProcess('B')]);
    demo.#looks = demo.#look();
    return demo;
  }

  /** The last state that was told. */
  get state(): DemoState | undefined {
    return this.#state;
  }

  /**
   * Does one thing at a time; resolves when it is over.
   *
   * @returns whether it was begun: not while another one runs
   */
  async act(action: Action): Promise<boolean> {
    if (this.#running !== undefined) return false;
    this.#running = action;
    try {
      await this.#perform(action);
    } finally {
      this.#running = undefined;
    }
    return true;
  }

  /** Ends the processes, the database and the server. */
  async stop(): Promise<void> {
    this.#looking.abort();
    await this.#looks;
    await Promise.all(this.#processes.map((process) => process.stop()));
    await this.#parts.stop();
  }

  async #perform(action: Action): Promise<void> {
    switch (action) {
      case 'one each':
        return this.#sellOnBoth(1, THINKING[action]);
      case 'storm':
        return this.#sellOnBoth(STORM / 2, THINKING[action]);
      case 'kill':
        return this.#killHolder();
      case 'cut the bus':
        return this.#cutBus();
      case 'third': {
        const name = NAMES.find(
          (each) => !this.#processes.some((process) => process.name === each),
        );
        if (name === undefined) return void this.#note('There are three processes already.');
        await this.#startProcess(name);
        return void this.#note(`Process ${name} has read what the others wrote.`);
      }
      case 'reset':
        return this.#parts.observer.reset();
    }
  }

  /** Two processes get the same requests at the same time, on either side. */
  async #sellOnBoth(count: number, thinkMs: number): Promise<void> {
    const two = this.#processes.slice(0, 2);
    await Promise.all(
      SIDES.flatMap((side) => two.map((process) => process.sell(side, count, thinkMs))),
    );
  }

  /** A takes the lock and thinks; B waits for it; A is killed, and B goes on. */
  async #killHolder(): Promise<void> {
    const [holder, waiter] = this.#processes;
    if (holder === undefined || waiter === undefined) return;
    const lost = holder.sell('runtime', 1, THINKING.kill);
    await this.#isSeen(holder.name, false);
    const waiting = waiter.sell('runtime', 1, THINKING['while killing']);
    await this.#isSeen(waiter.name, true);
    // A person is to see who holds and who waits.
    await pause(WATCHED_MS);
    const killed = performance.now();
    await holder.kill();
    await Promise.all([lost, waiting]);
    const ms = (performance.now() - killed).toFixed(0);
    this.#note(
      `Process ${holder.name} was killed with the lock in its hands. ${waiter.name} had sold its ticket ${ms} ms later.`,
    );
    this.#processes.splice(this.#processes.indexOf(holder), 1);
    await this.#startProcess(holder.name);
  }

  /** Waits until the database says that a process holds the lock, or waits for it. */
  async #isSeen(name: string, isWaiting: boolean): Promise<void> {
    await waitUntil(async () => {
      const backends = await this.#parts.observer.backends();
      return backends.some(
        (each) => each.name === `${name} runtime` && each.isWaiting === isWaiting,
      );
    });
  }

  /** Signals do not arrive for a while; the processes read again when they know that they have missed some. */
  async #cutBus(): Promise<void> {
    const { bus } = this.#parts;
    const gaps = this.#processes.map((process) => process.nextView('gap'));
    this.#isBusCut = true;
    bus.refuse();
    bus.cut();
    await this.#processes[0]?.sell('runtime', 1, 0);
    await pause(BUS_AWAY_MS);
    bus.accept();
    this.#isBusCut = false;
    const accepted = performance.now();
    const isBack = await Promise.race([
      Promise.all(gaps).then(() => true),
      pause(BUS_LIMIT_MS, false, { ref: false }),
    ]);
    if (!isBack) return void this.#note('The bus did not come back.');
    const ms = (performance.now() - accepted).toFixed(0);
    this.#note(`The bus was back ${ms} ms after it could be; each process has read again.`);
  }

  async #startProcess(name: string): Promise<void> {
    const { url, bus } = this.#parts;
    const process = new SalesProcess(name, { url, listenUrl: bus.through(url) }, (report) =>
      this.#hear(name, report),
    );
    const at = this.#processes.findIndex((each) => each.name > name);
    this.#processes.splice(at === -1 ? this.#processes.length : at, 0, process);
    await process.ready;
  }

  #hear(process: string, report: Report): void {
    if (report.type === 'statement')
      this.emit('event', { type: 'statement', process, side: report.side, text: report.text });
    // That the bus cannot be reached is what it was cut for.
    else if (report.type === 'error' && !this.#isBusCut)
      this.#note(`${process}, ${report.side}: ${report.message}`);
  }

  #note(text: string): void {
    this.emit('event', { type: 'note', text });
  }

  async #look(): Promise<void> {
    const { observer } = this.#parts;
    while (!this.#looking.signal.aborted) {
      const [ledger, backends] = await Promise.all([observer.ledger(), observer.backends()]);
      const state: DemoState = {
        ledger,
        backends,
        processes: this.#processes.map((process) => process.state),
        isBusCut: this.#isBusCut,
        running: this.#running,
      };
      const text = JSON.stringify(state);
      this.#state = state;
      if (text !== this.#last) this.emit('event', { type: 'state', state });
      this.#last = text;
      await pause(LOOK_EVERY_MS);
    }
  }
}
