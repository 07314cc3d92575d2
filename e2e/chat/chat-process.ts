import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(import.meta.resolve('@justscale/fixtures/chat-app/main'));

/** The chat app as a process of its own. */
export class ChatProcess {
  readonly pid: number;
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    this.url = `http://127.0.0.1:${port}/`;
  }

  /**
   * Starts it; resolves when it takes requests. What it reports of itself goes to standard error.
   *
   * @throws Error when it ends instead
   */
  static async start(databaseUrl: string, port: number): Promise<ChatProcess> {
    const child = spawn(process.execPath, [MAIN], {
      env: { ...process.env, PORT: String(port), DATABASE_URL: databaseUrl },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const listening = once(createInterface(child.stdout), 'line') as Promise<[string]>;
    const ended = once(child, 'exit').then(() => {
      throw new Error('A process of the chat ended while it started. Why is said above.');
    });
    const [line] = await Promise.race([listening, ended]);
    ended.catch(() => undefined);
    const { port: taken } = JSON.parse(line) as { port: number };
    return new ChatProcess(child, taken);
  }

  /** Lets it finish what it does; resolves when it has ended. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
  }
}
