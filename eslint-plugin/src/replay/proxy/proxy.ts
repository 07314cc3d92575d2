import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { Session } from './session.js';
import type { Held, Statement } from './statement.js';

/** The way of one process to the server: it holds every statement until it is released. */
export class Proxy {
  /** Called when a statement has come, was answered, or a connection has closed. */
  onChange: () => void = () => undefined;
  /** Says of a statement that it touches no row that others see. */
  isLocal: (sql: string) => boolean = () => false;
  /** What was sent to the server, in that order. */
  readonly released: Statement[] = [];
  readonly #sessions = new Set<Session>();
  readonly #server: Server;
  #connections = 0;
  #arrivals = 0;

  private constructor(upstream: { host: string; port: number }) {
    this.#server = createServer((socket) => {
      const session: Session = new Session(
        socket,
        {
          upstream,
          connection: ++this.#connections,
          isLocal: (sql) => this.isLocal(sql),
          nextArrival: () => ++this.#arrivals,
          changed: () => this.onChange(),
          released: (statement) => this.released.push(statement),
        },
        () => {
          if (this.#sessions.delete(session)) this.onChange();
        },
      );
      this.#sessions.add(session);
    });
  }

  static async listen(upstream: { host: string; port: number }): Promise<Proxy> {
    const proxy = new Proxy(upstream);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Whether one of its connections is not yet ready for statements. */
  get isConnecting(): boolean {
    return [...this.#sessions].some(({ isReady }) => !isReady);
  }

  /** The statement that came first, of those that could run. */
  get next(): Statement | undefined {
    return this.#first()?.held.statement;
  }

  /** Those that the server has not answered, with its processes for them. */
  get inFlight(): readonly { readonly pid: number; readonly held: Held }[] {
    return [...this.#sessions].flatMap(({ pid, inFlight }) =>
      inFlight === undefined ? [] : [{ pid: pid ?? 0, held: inFlight }],
    );
  }

  release(): Statement | undefined {
    return this.#first()?.session.release();
  }

  async close(): Promise<void> {
    for (const session of [...this.#sessions]) session.close();
    this.#sessions.clear();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  #first(): { session: Session; held: Held } | undefined {
    let first: { session: Session; held: Held } | undefined;
    for (const session of this.#sessions) {
      const held = session.next;
      if (held === undefined || (first !== undefined && first.held.arrival < held.arrival))
        continue;
      first = { session, held };
    }
    return first;
  }
}
