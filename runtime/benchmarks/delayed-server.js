import postgres from 'postgres';
import { Child } from './child.js';
import { median } from './statistics.js';

/** What the delay is to add to a round trip, in milliseconds. */
export const ADDED_MS = 2.4;
const CANDIDATES_MS = [0.9, 1, 1.1, 1.2, 1.3, 1.4];
const PROBES = 60;

/**
 * A proxy before a server that adds {@link ADDED_MS} to a round trip. A timer is as exact as a millisecond, so the delay of
 * a direction is the one whose measured round trip comes next to it.
 */
export class DelayedServer {
  #proxy;
  #direct;
  #delayMs;

  static async start(url) {
    const server = new DelayedServer();
    server.#proxy = await Child.start('delay-proxy.js');
    server.#direct = url;
    const plain = await roundTripMs(url, {});
    const measured = [];
    for (const delayMs of CANDIDATES_MS) {
      server.url = await server.#proxy.ask({ url, delayMs });
      measured.push({ delayMs, addedMs: (await roundTripMs(server.url, {})) - plain });
    }
    const distance = ({ addedMs }) => Math.abs(addedMs - ADDED_MS);
    const [best] = measured.toSorted((a, b) => distance(a) - distance(b));
    server.#delayMs = best.delayMs;
    await server.#delay(best.delayMs);
    /** The round trip of one query, of 50 connections at a time, and of 10 queries on the way on one connection. */
    server.roundTrip = {
      plainMs: plain,
      oneMs: await roundTripMs(server.url, {}),
      manyMs: await roundTripMs(server.url, { connections: 50 }),
      pipelinedMs: await roundTripMs(server.url, { onTheWay: 10 }),
    };
    return server;
  }

  /** Lets everything pass at once while `work` is done, on connections that are open as well. */
  async withoutDelay(work) {
    await this.#delay(0);
    try {
      return await work();
    } finally {
      await this.#delay(this.#delayMs);
    }
  }

  async end() {
    await this.#proxy.end();
  }

  async #delay(delayMs) {
    await this.#proxy.ask({ url: this.#direct, delayMs });
  }
}

async function roundTripMs(url, { connections = 1, onTheWay = 1 }) {
  const clients = Array.from({ length: connections }, () => postgres(url, { max: 1 }));
  try {
    await Promise.all(clients.map((sql) => sql`select 1`));
    const times = [];
    for (let probe = 0; probe < PROBES / connections ** 0.5; probe++) {
      await Promise.all(
        clients.map(async (sql) => {
          const start = performance.now();
          await Promise.all(Array.from({ length: onTheWay }, () => sql`select 1`));
          times.push(performance.now() - start);
        }),
      );
    }
    return median(times);
  } finally {
    await Promise.all(clients.map((sql) => sql.end()));
  }
}
