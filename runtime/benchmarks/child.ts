import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { inRepository } from '@justscale/fixtures/commands';

const folder = inRepository('runtime/benchmarks/dist');

/** What a process can be asked for, by name. Arguments and results cross as JSON. */
export type Jobs = Readonly<Record<string, (options: never) => Promise<unknown>>>;

type Answer = { readonly result: unknown } | { readonly error: string };

/** A process of this benchmark that does one job after another, each asked for and answered by a message. */
export class Child<Known extends Jobs> {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  /**
   * Starts one; resolves when it is ready.
   *
   * @param file - of this folder, as it is compiled
   * @param execArgv - for Node.js
   */
  static async start<Known extends Jobs>(
    file: string,
    args: readonly string[] = [],
    execArgv: string[] = [],
  ): Promise<Child<Known>> {
    const child = new Child<Known>(fork(join(folder, file), args, { execArgv }));
    await child.#answer();
    return child;
  }

  /** Asks for a job, and waits for its result. */
  async ask<Name extends keyof Known & string>(
    name: Name,
    options: Parameters<Known[Name]>[0],
  ): Promise<Awaited<ReturnType<Known[Name]>>> {
    const answer = this.#answer();
    this.#process.send({ name, options });
    return (await answer) as Awaited<ReturnType<Known[Name]>>;
  }

  /** Ends it: it has nothing to put in order when its channel closes. */
  async end(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.disconnect();
    await exited;
  }

  async #answer(): Promise<unknown> {
    const abort = new AbortController();
    const { signal } = abort;
    try {
      const [answer] = (await Promise.race([
        once(this.#process, 'message', { signal }),
        once(this.#process, 'exit', { signal }).then(([code]) => {
          throw new Error(`${this.#process.spawnargs.slice(1).join(' ')} ended (${String(code)})`);
        }),
      ])) as [Answer];
      if ('error' in answer) throw new Error(answer.error);
      return answer.result;
    } finally {
      abort.abort();
    }
  }
}

/** What a child does: answers that it is ready, then every job with what it returns. */
export function answerJobs(jobs: Jobs): void {
  const answer = (message: Answer): void => void process.send?.(message);
  const run = async ({ name, options }: { name: string; options: unknown }): Promise<void> => {
    try {
      const job = jobs[name];
      if (job === undefined) throw new Error(`there is no job ${name}`);
      answer({ result: (await job(options as never)) ?? null });
    } catch (error) {
      answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  };
  process.on('message', (job: { name: string; options: unknown }) => void run(job));
  process.once('disconnect', () => process.exit());
  answer({ result: 'ready' });
}
