import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { waitUntil } from '@justscale/fixtures/wait-until';

const CLI = fileURLToPath(new URL('../../../dist/demo/cli.js', import.meta.url));

/** What the tests read of the demo's events. */
export interface ShownState {
  readonly ledger: Record<'by hand' | 'runtime', { sold: number; sales: number; lost: number }>;
  readonly processes: readonly { readonly name: string; readonly pid: number }[];
  readonly isBusCut: boolean;
  readonly running: string | undefined;
}

type ShownEvent =
  | { readonly type: 'state'; readonly state: ShownState }
  | { readonly type: 'statement'; readonly side: string; readonly text: string }
  | { readonly type: 'note'; readonly text: string };

/** `npm run demo` as a process of its own, as a browser sees it. */
export class RunningDemo {
  readonly url: string;
  readonly child: ChildProcess;
  readonly notes: string[] = [];
  readonly statements: { readonly side: string; readonly text: string }[] = [];
  state: ShownState | undefined;
  readonly #closing = new AbortController();

  private constructor(child: ChildProcess, url: string) {
    this.child = child;
    this.url = url;
  }

  static async start(): Promise<RunningDemo> {
    const { DATABASE_URL: _, ...env } = process.env;
    const child = spawn(process.execPath, [CLI, '--json'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    await waitUntil(() => output.includes('\n'), {
      timeoutMs: 50_000,
      describe: () => ({ output, exitCode: child.exitCode }),
    });
    const { url } = JSON.parse(output) as { url: string };
    const demo = new RunningDemo(child, url);
    demo.#listen().catch(() => undefined);
    await waitUntil(() => demo.state !== undefined);
    return demo;
  }

  /** Presses a button; resolves when what it does is over, with the status of the answer. */
  async act(action: string, headers: Record<string, string> = {}): Promise<number> {
    const { status } = await fetch(new URL(`actions/${encodeURIComponent(action)}`, this.url), {
      method: 'POST',
      headers,
    });
    return status;
  }

  /** Ends it as Ctrl-C does; resolves with its exit code. */
  async end(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    this.#closing.abort();
    if (this.child.exitCode !== null) return this.child.exitCode;
    const closed = once(this.child, 'close') as Promise<[number | null]>;
    this.child.kill(signal);
    return (await closed)[0];
  }

  async #listen(): Promise<void> {
    const { body } = await fetch(new URL('events', this.url), { signal: this.#closing.signal });
    if (body === null) return;
    let text = '';
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      const events = (text + chunk).split('\n\n');
      text = events.pop() ?? '';
      for (const event of events)
        this.#hear(JSON.parse(event.replace(/^data: /, '')) as ShownEvent);
    }
  }

  #hear(event: ShownEvent): void {
    if (event.type === 'state') this.state = event.state;
    else if (event.type === 'statement') this.statements.push(event);
    else this.notes.push(event.text);
  }
}
