import type { TopicListener } from '../adapter/adapter.js';
import { SignalDecodeError } from '../errors/signal-errors.js';
import { StoreClosedError } from '../errors/store-errors.js';
import type { Client, Driver } from './driver.js';
import { connectionError } from './postgres-errors.js';
import type { DriverOptions, PostgresSettings } from './postgres-options.js';
import { decodePayload } from './signal-payload.js';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;

/** The one LISTEN connection of a store: opened again, for as long as it takes, whenever it is lost. */
export class SignalListener {
  /** Resolves when it listens for the first time. */
  readonly ready: Promise<void>;
  readonly #driver: Driver;
  readonly #settings: PostgresSettings;
  readonly #listener: TopicListener;
  #client: Client | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #pause: NodeJS.Timeout | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #hasListened = false;
  #isClosed = false;
  #onReady: () => void = () => undefined;
  #onClosed: (error: Error) => void = () => undefined;

  constructor(driver: Driver, settings: PostgresSettings, listener: TopicListener) {
    this.#driver = driver;
    this.#settings = settings;
    this.#listener = listener;
    this.ready = new Promise((resolve, reject) => {
      this.#onReady = resolve;
      this.#onClosed = reject;
    });
    void this.#connect();
  }

  /** Stops listening. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#pause);
    clearTimeout(this.#heartbeat);
    this.#onClosed(new StoreClosedError());
    const client = this.#client;
    this.#client = undefined;
    await client?.end({ timeout: 0 }).catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const options = {
      onnotify: (channel: string, payload: string) => this.#receive(channel, payload),
    };
    const client: Client = this.#driver.open(() => this.#lost(client), options as DriverOptions);
    this.#client = client;
    try {
      await client`listen ${client(this.#settings.channel)}`;
    } catch (error) {
      if (this.#pauseMs === LONGEST_PAUSE_MS / 2 && !this.#isClosed) {
        this.#listener.error(connectionError(error, this.#driver.server));
      }
      this.#lost(client);
      return;
    }
    if (this.#client !== client) return;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#beat(client);
    if (this.#hasListened) this.#listener.gap();
    this.#hasListened = true;
    this.#onReady();
  }

  #lost(client: Client): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    clearTimeout(this.#heartbeat);
    void client.end({ timeout: 0 }).catch(() => undefined);
    if (this.#isClosed) return;
    this.#pause = setTimeout(() => void this.#connect(), this.#pauseMs * (0.5 + Math.random() / 2));
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }

  /** Asks now and then whether the connection still answers: one that is half-open would be silent for ever. */
  #beat(client: Client): void {
    const { heartbeatMs } = this.#settings;
    this.#heartbeat = setTimeout(() => {
      this.#heartbeat = setTimeout(() => this.#lost(client), heartbeatMs / 2);
      client`select 1`.then(
        () => {
          if (this.#client !== client) return;
          clearTimeout(this.#heartbeat);
          this.#beat(client);
        },
        () => this.#lost(client),
      );
    }, heartbeatMs);
  }

  #receive(channel: string, payload: string): void {
    if (channel !== this.#settings.channel) return;
    const topic = decodePayload(payload);
    if (topic === undefined) this.#listener.error(new SignalDecodeError(channel, payload));
    else this.#listener.topic(topic);
  }
}
