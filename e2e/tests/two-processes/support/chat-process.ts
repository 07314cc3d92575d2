import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ChatClient } from '@justscale/fixtures/chat-app/client';
import { waitUntil } from '@justscale/fixtures/wait-until';

const MAIN = fileURLToPath(import.meta.resolve('@justscale/fixtures/chat-app/main'));

/** What a process reports of itself, a line of JSON each. */
export interface ProcessEvent {
  readonly event: string;
  readonly [detail: string]: unknown;
}

/** How to start a process of the chat. */
export interface ChatProcessOptions {
  /** Without it, the process keeps everything in its memory. */
  readonly databaseUrl?: string;
  readonly channel?: string;
  /** The names of errors that it may report; any other one fails the test. */
  readonly expectedErrors?: readonly string[];
}

/** The chat's entry point, running as a process of its own. */
export class ChatProcess {
  /** What it has reported so far. */
  readonly events: ProcessEvent[] = [];
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #expectedErrors: readonly string[];

  constructor({ databaseUrl, channel, expectedErrors = [] }: ChatProcessOptions) {
    this.#expectedErrors = expectedErrors;
    const { DATABASE_URL: _, ...env } = process.env;
    this.#child = spawn(process.execPath, [MAIN], {
      env: {
        ...env,
        PORT: '0',
        ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
        ...(channel !== undefined && { SIGNAL_CHANNEL: channel }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#exited = once(this.#child, 'exit');
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream === null) continue;
      createInterface(stream).on('line', (line) => this.events.push(parseEvent(line)));
    }
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('The chat process has not started.');
    return this.#child.pid;
  }

  /** Whether it has ended, and with which code; `null` when a signal ended it. */
  get exitCode(): number | null | undefined {
    return this.#child.exitCode ?? (this.#child.signalCode === null ? undefined : null);
  }

  /** The errors that it has reported and should not have. */
  get unexpectedErrors(): readonly ProcessEvent[] {
    return this.events.filter(
      ({ event, name }) => event === 'error' && !this.#expectedErrors.includes(String(name)),
    );
  }

  /** A client without a token, as soon as the process listens. */
  async client(): Promise<ChatClient> {
    const { port } = await this.reported('listening');
    return new ChatClient(Number(port));
  }

  /** Waits for an event, also one that has been reported already. */
  reported(event: string): Promise<ProcessEvent> {
    return waitUntil(
      () => {
        const found = this.events.find((one) => one.event === event);
        if (found === undefined && this.exitCode !== undefined) {
          throw new Error(`The chat process ended. It said: ${JSON.stringify(this.events)}`);
        }
        return found;
      },
      { describe: () => this.events },
    );
  }

  /** Ends it and waits until it has ended. */
  async end(signal: NodeJS.Signals): Promise<void> {
    this.#child.kill(signal);
    await this.#exited;
  }
}

function parseEvent(line: string): ProcessEvent {
  try {
    return JSON.parse(line) as ProcessEvent;
  } catch {
    return { event: 'output', line };
  }
}
