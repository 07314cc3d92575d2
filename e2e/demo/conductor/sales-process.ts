import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Report, Request, Side } from '../process/messages.js';
import type { ProcessState, View } from './state.js';

const MAIN = fileURLToPath(new URL('../process/main.js', import.meta.url));

/** A process of the services, with what it has told of itself. */
export class SalesProcess {
  readonly name: string;
  readonly ready: Promise<void>;
  readonly #child: ChildProcess;
  readonly #views: Partial<Record<Side, View>> = {};
  readonly #exited: Promise<unknown>;

  constructor(
    name: string,
    urls: { readonly url: string; readonly listenUrl: string },
    onReport: (report: Report, process: SalesProcess) => void,
  ) {
    this.name = name;
    this.#child = fork(MAIN, [name, urls.url, urls.listenUrl], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#exited = once(this.#child, 'exit');
    this.ready = new Promise((resolve, reject) => {
      this.#child.on('message', (report: Report) => {
        if (report.type === 'ready') resolve();
        if (report.type === 'view') this.#views[report.side] = report;
        onReport(report, this);
      });
      this.#child.once('exit', () => reject(new Error(`Process ${name} ended.`)));
    });
    this.ready.catch(() => undefined);
  }

  get state(): ProcessState {
    return {
      name: this.name,
      pid: this.#child.pid ?? 0,
      isRunning: this.#isRunning,
      views: { ...this.#views },
    };
  }

  get #isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves when it has read for this reason, or has ended. */
  async nextView(because: string): Promise<void> {
    const seen = new Promise<void>((resolve) => {
      const listener = (report: Report): void => {
        if (report.type !== 'view' || report.because !== because) return;
        this.#child.off('message', listener);
        resolve();
      };
      this.#child.on('message', listener);
    });
    await Promise.race([seen, this.#exited]);
  }

  /** Sells so many at once; resolves when all of them have an outcome, or the process has ended. */
  async sell(side: Side, count: number, thinkMs: number): Promise<void> {
    const done = new Promise<void>((resolve) => {
      const listener = (report: Report): void => {
        if (report.type !== 'sold' || report.side !== side) return;
        this.#child.off('message', listener);
        resolve();
      };
      this.#child.on('message', listener);
    });
    this.#send({ type: 'sell', side, count, thinkMs });
    await Promise.race([done, this.#exited]);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  /** Lets it close its connections; ends it if it has not after two seconds. */
  async stop(): Promise<void> {
    if (!this.#isRunning) return;
    this.#send({ type: 'stop' });
    const limit = setTimeout(() => this.#child.kill('SIGKILL'), 2_000);
    await this.#exited;
    clearTimeout(limit);
  }

  #send(request: Request): void {
    if (this.#child.connected) this.#child.send(request);
  }
}
