import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromWorker, ToWorker, WorkerReport, WorkerSetup } from '../worker/messages.js';

const MAIN = fileURLToPath(new URL('../worker/main.js', import.meta.url));

const WAKE_MS = 200;

/** A worker process, as the conductor sees it. */
export class WorkerProcess {
  readonly setup: WorkerSetup;
  readonly heap: number[] = [];
  readonly exited: Promise<unknown>;
  /** The last that it told of itself. */
  report: WorkerReport | undefined;
  onDefect: () => void = () => undefined;
  onReached: (message: Extract<FromWorker, { type: 'reached' }>) => void = () => undefined;
  readonly #child: ChildProcess;
  readonly #finished: Promise<void>;
  #alive = true;
  #stderr = '';

  constructor(setup: WorkerSetup) {
    this.setup = setup;
    this.#child = fork(MAIN, [JSON.stringify(setup)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: ['--max-old-space-size=512'],
    });
    this.exited = once(this.#child, 'exit').then(() => (this.#alive = false));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-4_000);
    });
    this.#finished = new Promise((resolve) => {
      this.#child.on('message', (message: FromWorker) => {
        if (message.type === 'progress') {
          this.heap.push(message.heapUsed);
          this.report = message.report;
          if (message.report.defects.length > 0) this.onDefect();
        } else if (message.type === 'reached') this.onReached(message);
        else if (message.type === 'finished') {
          this.report = message.report;
          resolve();
        }
      });
    });
  }

  get isAlive(): boolean {
    return this.#alive;
  }

  /** What it printed to standard error last. */
  get stderr(): string {
    return this.#stderr;
  }

  send(message: ToWorker): void {
    if (this.#alive && this.#child.connected) this.#child.send(message, () => undefined);
  }

  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    if (this.#alive) this.#child.kill(signal);
  }

  /** Asks it to end its loops; resolves when they ended. */
  async finish(): Promise<void> {
    this.send({ type: 'finish' });
    // A trap may have stopped it after the last fault was mended.
    const waking = setInterval(() => this.signal('SIGCONT'), WAKE_MS);
    await Promise.race([this.#finished, this.exited]);
    clearInterval(waking);
  }

  /** Asks it to close its store; resolves when it has exited by itself. */
  async close(): Promise<void> {
    this.send({ type: 'close' });
    await this.exited;
  }
}
