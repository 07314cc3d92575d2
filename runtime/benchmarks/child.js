import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of this benchmark that does one job after another, each asked for and answered by a message. */
export class Child {
  #process;

  /**
   * Starts one; resolves when it is ready.
   *
   * @param {string} file - relative to this folder
   * @param {readonly string[]} args
   * @param {readonly string[]} execArgv - for Node.js
   */
  static async start(file, args = [], execArgv = []) {
    const child = new Child();
    child.#process = fork(fileURLToPath(new URL(file, import.meta.url)), args, { execArgv });
    await child.#answer();
    return child;
  }

  /** Asks for a job, and waits for its result. */
  async ask(job) {
    const answer = this.#answer();
    this.#process.send(job);
    return answer;
  }

  /** Ends it: it has nothing to put in order when its channel closes. */
  async end() {
    if (this.#process.exitCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.disconnect();
    await exited;
  }

  async #answer() {
    const abort = new AbortController();
    const { signal } = abort;
    try {
      const [message] = await Promise.race([
        once(this.#process, 'message', { signal }),
        once(this.#process, 'exit', { signal }).then(([code]) => {
          throw new Error(`${this.#process.spawnargs.slice(1).join(' ')} ended (${code})`);
        }),
      ]);
      if (message.error !== undefined) throw new Error(message.error);
      return message.result;
    } finally {
      abort.abort();
    }
  }
}

/** What a child does: answers that it is ready, then every job with what `run` returns. */
export function answerJobs(run) {
  process.on('message', async (job) => {
    try {
      process.send({ result: (await run(job)) ?? null });
    } catch (error) {
      process.send({ error: error?.stack ?? String(error) });
    }
  });
  process.once('disconnect', () => process.exit());
  process.send({ result: 'ready' });
}
