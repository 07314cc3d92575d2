import { type FaultProxy, startProxy } from '@justscale/fixtures/fault-proxy';
import type { PostgresServer } from '@justscale/fixtures/postgres';
import { join } from 'node:path';
import type { Sql } from 'postgres';
import { Random } from '../worker/random.js';
import type { WorkerSetup } from '../worker/messages.js';
import { WorkerProcess } from './worker-process.js';

/** One worker's seat: its proxy stays, its process is replaced when it dies. */
export interface Seat {
  readonly proxy: FaultProxy;
  readonly historyFiles: string[];
  worker: WorkerProcess;
}

/** What the workers of a run have in common. */
export type WorkerTemplate = Omit<
  WorkerSetup,
  'name' | 'url' | 'historyFile' | 'seed' | 'statementTimeoutMs'
>;

/** Every so many workers has sessions that end statements after this time: shorter than some wait for a lock. */
const STATEMENT_TIMEOUT = { every: 3, ms: 400 } as const;

/** The processes of a run, and what faults are done to them. */
export class Cluster {
  readonly seats: Seat[] = [];
  /** All workers that ever lived. */
  readonly workers: WorkerProcess[] = [];
  readonly random: Random;
  /** Called when a worker meets an error that no user should ever meet. */
  onDefect: () => void = () => undefined;
  #spawned = 0;

  private constructor(
    readonly server: PostgresServer,
    /** A connection of the conductor's own, which no fault hits. */
    readonly admin: Sql,
    private readonly template: WorkerTemplate,
    private readonly databaseUrl: string,
    private readonly directory: string,
    seed: number,
  ) {
    this.random = new Random(seed);
  }

  static async start(options: {
    server: PostgresServer;
    admin: Sql;
    databaseUrl: string;
    template: WorkerTemplate;
    directory: string;
    processes: number;
    seed: number;
  }): Promise<Cluster> {
    const { server, admin, template, databaseUrl, directory, processes, seed } = options;
    const cluster = new Cluster(server, admin, template, databaseUrl, directory, seed);
    for (let index = 0; index < processes; index++) {
      const proxy = await startProxy(Number(new URL(databaseUrl).port));
      const historyFiles: string[] = [];
      cluster.seats.push({ proxy, historyFiles, worker: cluster.#spawn(proxy, historyFiles) });
    }
    return cluster;
  }

  /** A seat whose process may be killed: the first one lives as long as the run, so that its memory shows. */
  pickMortal(): Seat {
    return this.random.pick(this.seats.length > 1 ? this.seats.slice(1) : this.seats);
  }

  get historyFiles(): string[] {
    return this.seats.flatMap((seat) => seat.historyFiles);
  }

  /** Puts a new process where one died. */
  replace(seat: Seat): void {
    seat.worker = this.#spawn(seat.proxy, seat.historyFiles);
  }

  /** Waits until every loop has ended. */
  async finish(): Promise<void> {
    await Promise.all(this.seats.map(({ worker }) => worker.finish()));
  }

  /** Closes every store and waits until the processes have exited by themselves. */
  async close(): Promise<void> {
    await Promise.all(this.seats.map(({ worker }) => worker.close()));
  }

  /** Kills every process. */
  async kill(): Promise<void> {
    for (const worker of this.workers) worker.signal('SIGKILL');
    await Promise.all(this.workers.map((worker) => worker.exited));
  }

  /** Ends what is left, however it may hang. */
  async destroy(): Promise<void> {
    await this.kill();
    await Promise.all(this.seats.map(({ proxy }) => proxy.close()));
  }

  #spawn(proxy: FaultProxy, historyFiles: string[]): WorkerProcess {
    const name = `w${(this.#spawned += 1)}`;
    const historyFile = join(this.directory, `${name}.jsonl`);
    historyFiles.push(historyFile);
    const url = new URL(this.databaseUrl);
    url.port = String(proxy.port);
    const seed = this.random.int(1, 2 ** 31 - 1);
    const { every, ms } = STATEMENT_TIMEOUT;
    const worker = new WorkerProcess({
      ...this.template,
      name,
      url: url.href,
      historyFile,
      seed,
      statementTimeoutMs: this.#spawned % every === 0 ? ms : undefined,
    });
    worker.onDefect = () => this.onDefect();
    this.workers.push(worker);
    return worker;
  }
}
