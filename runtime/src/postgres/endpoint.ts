import type { Socket } from 'node:net';
import type { Client } from './client.js';
import type { ServerFields } from './protocol/server-error.js';

/** What the driver is given so that it can open a connection, but not replace it. */
export interface ClientHooks {
  readonly socket: () => Promise<Socket>;
  readonly onclose: () => void;
}

/** What a connection leads to. */
export interface Endpoint {
  /** Whether the server may keep prepared statements; it may without this. */
  readonly mayPrepare?: boolean;
  /**
   * Begins to open a socket to the server.
   *
   * @param signal - gives up
   */
  openSocket(signal: AbortSignal): Socket | Promise<Socket>;
  /** Makes a client of the driver; it connects with its first query. */
  createClient(hooks: ClientHooks): Promise<Client>;
  /** What to do with what the server remarks. */
  onNotice?(fields: ServerFields): void;
}
