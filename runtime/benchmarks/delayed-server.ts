import { median } from '@justscale/fixtures/commands';
import postgres from 'postgres';
import { Child } from './child.js';
import type { DelayProxyJobs } from './delay-proxy.js';

/** What the delay is to add to a round trip, in milliseconds. */
export const ADDED_MS = 2.4;
const CANDIDATES_MS = [0.9, 1, 1.1, 1.2, 1.3, 1.4];
const PROBES = 60;

/** Round trips through the proxy, in milliseconds. */
export interface RoundTrip {
  /** Without the proxy. */
  readonly plainMs: number;
  /** Of one query. */
  readonly oneMs: number;
  /** Of one query on each of 50 connections at a time. */
  readonly manyMs: number;
  /** Of ten queries on the way on one connection. */
  readonly pipelinedMs: number;
}

/**
 * A proxy before a server that adds {@link ADDED_MS} to a round trip. A timer is as exact as a millisecond, so the delay of
 * a direction is the one whose measured round trip comes next to it.
 */
export class DelayedServer {
  /** Leads through the proxy. */
  readonly url: string;
  readonly roundTrip: RoundTrip;
  readonly #proxy: Child<DelayProxyJobs>;
  readonly #delayMs: number;

  private constructor(
    proxy: Child<DelayProxyJobs>,
    url: string,
    delayMs: number,
    roundTrip: RoundTrip,
  ) {
    this.#proxy = proxy;
    this.url = url;
    this.#delayMs = delayMs;
    this.roundTrip = roundTrip;
  }

  static async start(direct: string): Promise<DelayedServer> {
    const proxy = await Child.start<DelayProxyJobs>('delay-proxy.js');
    const url = await proxy.ask('delay', { url: direct, delayMs: 0 });
    const plainMs = await roundTripMs(direct, {});
    let best = { delayMs: 0, distance: Infinity };
    for (const delayMs of CANDIDATES_MS) {
      await proxy.ask('delay', { url: direct, delayMs });
      const distance = Math.abs((await roundTripMs(url, {})) - plainMs - ADDED_MS);
      if (distance < best.distance) best = { delayMs, distance };
    }
    await proxy.ask('delay', { url: direct, delayMs: best.delayMs });
    return new DelayedServer(proxy, url, best.delayMs, {
      plainMs,
      oneMs: await roundTripMs(url, {}),
      manyMs: await roundTripMs(url, { connections: 50 }),
      pipelinedMs: await roundTripMs(url, { onTheWay: 10 }),
    });
  }

  /** Lets everything pass at once while `work` is done, on connections that are open as well. */
  async withoutDelay<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#delay(0);
    try {
      return await work();
    } finally {
      await this.#delay(this.#delayMs);
    }
  }

  async end(): Promise<void> {
    await this.#proxy.end();
  }

  async #delay(delayMs: number): Promise<void> {
    await this.#proxy.ask('delay', { url: this.url, delayMs });
  }
}

async function roundTripMs(
  url: string,
  { connections = 1, onTheWay = 1 }: { readonly connections?: number; readonly onTheWay?: number },
): Promise<number> {
  const clients = Array.from({ length: connections }, () => postgres(url, { max: 1 }));
  try {
    await Promise.all(clients.map((sql) => sql`select 1`));
    const times: number[] = [];
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
