import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import postgres from 'postgres';
import { describe, expect, it } from 'vitest';
import { BenchmarkDatabase } from '../database.js';
import { DelayedServer } from '../delayed-server.js';
import { drawLineChart, niceTicks } from '../page/line-chart.js';
import { renderPerformancePage } from '../page/performance-page.js';
import { drawPlots } from '../page/plots.js';
import { profileAreas } from '../profile-areas.js';
import { countRoundTrips } from '../round-trips.js';
import { median, quantile, ratios, summarise } from '@justscale/fixtures/commands';
import type { Area } from '../profile-areas.js';
import type { Results } from '../results.js';

/** Results that a test changes, to see what the page says then. */
type Mutable<T> = T extends (infer Item)[] | readonly (infer Item)[]
  ? [Mutable<Item>, ...Mutable<Item>[]]
  : T extends object
    ? { -readonly [Key in keyof T]: Mutable<T[Key]> }
    : T;

/** The first round of a whole run; what is measured since then has made-up values. */
const results = JSON.parse(
  readFileSync(new URL('results.json', import.meta.url), 'utf8'),
) as Mutable<Results>;
results.parts.queries = {
  milliseconds: {
    newest: { runtime: [1], byHand: [1] },
    deepPage: { runtime: [1], byHand: [1] },
    lockMany: { runtime: [140], byHand: [100] },
  },
  patches: 6_000,
  backends: [
    { megabytes: 2, statements: 0 },
    { megabytes: 13, statements: 400 },
  ],
};

results.parts.path.listened = [9];
const points = [1, 200].map((x) => ({ x, values: [4_000 / x] }));
const listeners = {
  server: 'Redis server v=7',
  perSecond: { notify: points, redis: points },
} as unknown as Mutable<NonNullable<Results['parts']['listeners']>>;
results.parts.listeners = listeners;

/** The page, without the blanks that line up its tables. */
function render(of: Mutable<Results>): string {
  return renderPerformancePage(of).replaceAll(/ {2,}/g, ' ');
}

describe('the statistics', () => {
  it('take the middle one, or the mean of the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 2, 4, 8])).toBe(6);
  });

  it('tell the lowest and the highest beside it', () => {
    expect(summarise([3, 1, 2])).toEqual({ median: 2, low: 1, high: 3 });
    expect(quantile([5, 1, 4, 2, 3], 0.95)).toBeCloseTo(4.8);
  });

  it('compare within each round, so that a round in which all were slow changes nothing', () => {
    expect(ratios([200, 20, 200], [100, 10, 100])).toEqual({ median: 2, low: 2, high: 2 });
  });
});

describe('the page', () => {
  const page = render(results);

  it('has every variant with its ratio, and the versions it was measured with', () => {
    const row = page.split('\n').find((line) => line.startsWith('| Knex'));
    const { knex, 'hand-written': reference } = results.parts.throughput;
    const ratio = knex.c1.perSecond[0] / reference.c1.perSecond[0];
    expect(row).toContain(`| Knex | ${ratio.toFixed(2)} (`);
    expect(page).toContain(`knex ${results.environment.variants.knex.versions.knex}`);
    expect(page).toContain(`PostgreSQL ${results.environment.postgres}`);
  });

  it('says which target was missed', () => {
    const slow = structuredClone(results);
    slow.parts.throughput.mutate.c1.perSecond = [130];
    slow.parts.throughput['hand-written'].c1.perSecond = [100];
    expect(render(slow)).toContain('| `mutate`, 1 client | ≥ 1.50 | 1.30 | **missed** |');
    slow.parts.throughput.mutate.c1.perSecond = [150];
    expect(render(slow)).toContain('| `mutate`, 1 client | ≥ 1.50 | 1.50 | reached |');
  });

  it('says what queries of many rows take beside the same by hand, and what the server keeps for them', () => {
    expect(page).toMatch(
      /\| a transaction with `lockMany` of 8,000 rows; .* \| 140.00 \| 100.00 \| 1.40 \(1.40–1.40\) \|/,
    );
    expect(page).toContain(
      '| `lockMany` of 8,000 rows, time beside by hand | ≤ 1.50 | 1.40 | reached |',
    );
    expect(page).toContain(
      "400 of them prepared: the server's process for it grew from 2.0 to at most 13.0 MB",
    );
    const { queries: _, ...older } = results.parts;
    expect(render({ ...results, parts: older as typeof results.parts })).not.toContain(
      'a million rows',
    );
  });

  it('shows signals by listeners where the machine had a server for both', () => {
    expect(page).toContain('every process of the server that listens: 20 with 200 stores');
    expect(page).toContain('performance/listeners.svg');
    const without = { ...results, parts: { ...results.parts, listeners: null } };
    expect(render(without as unknown as typeof results)).not.toContain('listeners.svg');
  });

  it('says where the hand-written transaction or a peer is ahead', () => {
    const slow = structuredClone(results);
    for (const conditions of Object.values(slow.parts.throughput)) {
      for (const condition of Object.values(conditions)) condition.perSecond = [100];
    }
    expect(render(slow)).toContain('In no column is one of the three behind');
    slow.parts.throughput.kysely.far10.perSecond = [101];
    expect(render(slow)).toContain('+2.4 ms, 10 (behind Kysely (pg))');
  });

  it('says where the time of an update goes', () => {
    const known = structuredClone(results);
    for (const rounds of Object.values(known.parts.profile)) {
      for (const areas of rounds) for (const area of Object.keys(areas) as Area[]) areas[area] = 0;
    }
    known.parts.profile.mutate[0].garbage = 7;
    known.parts.profile.mutate[0].driver = 12;
    const profile = render(known).split('### Where the time goes')[1];
    expect(profile).toContain('| garbage collection | 0 | 7 | 0 |');
    expect(profile).toContain('| **all** | **0** | **19** | **0** |');
  });

  it('says what an update takes of the processor, in each column next to the server', () => {
    const known = structuredClone(results);
    for (const [index, name] of (['c1', 'c10', 'c50', 'hot10', 'hot50'] as const).entries())
      known.parts.throughput.transaction[name].processor = [100 + index];
    expect(render(known)).toContain('| 100 | 101 | 102 | 103 | 104 |');
  });

  it('says where it goes behind the delay: in round trips, and in the processor of all clients', () => {
    const known = structuredClone(results);
    known.roundTrip.oneMs = 3;
    known.parts.roundTrips.mutate = 2;
    known.parts.throughput.mutate.far1 = { perSecond: [125], processor: [500], server: [100] };
    known.parts.throughput.mutate.far10 = { perSecond: [1_000], processor: [300], server: [100] };
    expect(render(known)).toContain('| **`mutate`** | 2 | 6.0 | 0.5 | **8.0** | 3.0 | **10.0** |');
  });

  it('says where the time of a signal goes, in the process that sends and in the one that hears', () => {
    const known = structuredClone(results);
    for (const rounds of Object.values(known.parts.signals)) {
      for (const { profile } of rounds) {
        for (const { emit, listen } of Object.values(profile)) {
          for (const area of Object.keys(emit) as Area[]) emit[area] = listen[area] = 0;
        }
      }
    }
    known.parts.signals.runtime[0].profile.burst.listen.runtime = 1.26;
    known.parts.signals['raw-notify'][0].profile.steady.emit.socket = 50;
    const profile = render(known).split('## Signals')[1];
    expect(profile).toContain('| `@justscale/runtime` | 0.0 | 0.0 | 0.0 | 1.3 |');
    expect(profile).toContain('| writing to the socket: the system call | 50 | 0 | 0 | 0 |');
  });

  it('shows every plot that is drawn', () => {
    const shown = [...page.matchAll(/\(performance\/([a-z]+\.svg)\)/g)].map(([, file]) => file);
    expect(shown.sort()).toEqual(Object.keys(drawPlots(results.parts)).sort());
  });
});

describe('the profile of a process', () => {
  it('tells what calls for what', async () => {
    const { result, areas } = await profileAreas(async () => {
      const socket = new PassThrough();
      for (const end = performance.now() + 100; performance.now() < end;) socket.write('x');
      return 'done';
    });
    expect(result).toBe('done');
    expect(areas.node).toBeGreaterThan(10_000);
    expect(areas.driver).toBe(0);
  });

  it('takes a function for what its file is, whatever its name is to the engine', async () => {
    let sum = 0;
    const dispatch = (): void => {
      for (let index = 0; index < 1e8; index++) sum += Math.sqrt(index % 7);
    };
    const { areas } = await profileAreas(() => Promise.resolve().then(dispatch));
    expect(sum).toBeGreaterThan(0);
    expect(areas.benchmark).toBeGreaterThan(20_000);
  });
});

describe('a plot', () => {
  const svg = drawLineChart({
    title: 'A < B',
    xTitle: 'x',
    yTitle: 'y',
    lines: [
      { name: 'only', points: [1, 2].map((x) => ({ x, y: 50 * x, low: 40 * x, high: 60 * x })) },
    ],
  });

  it('has a point for each measurement, between its axes', () => {
    const heights = [...svg.matchAll(/<circle cx="[\d.]+" cy="([\d.]+)"/g)].map(([, y]) =>
      Number(y),
    );
    expect(heights).toHaveLength(2);
    expect(heights[0]).toBeGreaterThan(heights[1] ?? Infinity);
    expect(svg).toContain('A &lt; B');
    expect(svg).toContain('prefers-color-scheme: dark');
  });

  it('ends its axis above the highest value', () => {
    expect(niceTicks(95)).toEqual([0, 20, 40, 60, 80, 100]);
    expect(niceTicks(100).at(-1)).toBe(100);
    expect(niceTicks(101).at(-1)).toBe(150);
  });
});

describe('what is measured on the database', () => {
  const handle = useDatabase();

  it('counts a round trip for each time that a client has waited', async () => {
    await countRoundTrips(handle.url, async (url, count) => {
      const sql = postgres(url, { max: 1 });
      await sql`select 1`;
      const before = count();
      for (let query = 0; query < 3; query++) await sql`select 1`;
      expect(count() - before).toBe(3);
      await Promise.all([sql`select 1`, sql`select 1`, sql`select 1`]);
      expect(count() - before).toBe(4);
      // In many pieces.
      await sql.unsafe(`select length('${'x'.repeat(500_000)}')`);
      expect(count() - before).toBe(5);
      await sql.end();
    });
  });

  it('lets bytes pass at once while nothing is to be delayed, on connections that are open as well', async () => {
    const delayed = await DelayedServer.start(handle.url);
    const sql = postgres(delayed.url, { max: 1 });
    const fastest = async (): Promise<number> => {
      const times: number[] = [];
      for (let query = 0; query < 20; query++) {
        const start = performance.now();
        await sql`select 1`;
        times.push(performance.now() - start);
      }
      return Math.min(...times);
    };
    await sql`select 1`;
    const within = await delayed.withoutDelay(fastest);
    expect(within).toBeLessThan(await fastest());
    await sql.end();
    await delayed.end();
  });

  it('must have as many updates as were acknowledged', async () => {
    const database = new BenchmarkDatabase(handle.url);
    try {
      await database.createTable();
      await database.fill(3);
      await database.assertBalances([], 'nobody');
      await expect(database.assertBalances([[1, 2]], 'somebody')).rejects.toThrow(
        'somebody: account-1 has 0, but 2 updates were acknowledged',
      );
    } finally {
      await database.close();
    }
  });
});
