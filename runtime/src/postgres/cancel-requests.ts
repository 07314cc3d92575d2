import { once } from 'node:events';
import type { Socket } from 'node:net';
import { serialize } from 'pg-protocol';

/** What the server wants to be told with a request to cancel (PostgreSQL manual, section 54.2.8). */
export interface Backend {
  readonly pid: number;
  readonly secret: number;
}

/** Asks the server to cancel what it is doing for one connection; each request has a socket of its own. */
export class CancelRequests {
  readonly #open: () => Promise<Socket>;
  readonly #sockets = new Set<Socket>();

  /** @param open - opens a socket to the server */
  constructor(open: () => Promise<Socket>) {
    this.#open = open;
  }

  /** The sockets that are open. */
  get sockets(): Iterable<Socket> {
    return this.#sockets;
  }

  /**
   * Asks, and waits until the server has taken note.
   *
   * @throws when it could not be asked, or may take note later
   */
  async send({ pid, secret }: Backend): Promise<void> {
    const socket = await this.#open();
    this.#sockets.add(socket);
    try {
      if (socket.connecting) await once(socket, 'connect');
      // The server closes it when it has taken note, and says nothing.
      socket.resume();
      const closed = once(socket, 'close');
      // Both are four bytes, which a pooler fills with anything.
      socket.write(serialize.cancel(pid | 0, secret | 0));
      await closed;
    } finally {
      this.#sockets.delete(socket);
    }
  }
}
