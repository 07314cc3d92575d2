import { median, summarise } from '@justscale/fixtures/commands';
import type { Lines } from '../parts/growth.js';
import type { VariantName } from '../parts/throughput.js';
import type { Parts } from '../results.js';
import { drawBarChart } from './bar-chart.js';
import { drawLineChart, type LineChart } from './line-chart.js';

/** Who is in the first picture: ourselves, by hand, and what most people know. */
const BARS = [
  ['mutate', 'mutate', true],
  ['transaction', 'transaction', true],
  ['hand-written', 'by hand', false],
  ['kysely', 'Kysely', false],
  ['drizzle-postgres-js', 'Drizzle', false],
  ['prisma', 'Prisma', false],
  ['typeorm', 'TypeORM', false],
] as const satisfies readonly (readonly [VariantName, string, boolean])[];

const UPDATES = 'locked updates a second';

/** The plots of the page: SVG texts, by the name of the file in `docs/performance/`. */
export function drawPlots({
  growth,
  heap,
  listeners,
  throughput,
}: Pick<Parts, 'growth' | 'heap' | 'throughput'> & Partial<Pick<Parts, 'listeners'>>) {
  return {
    'throughput.svg': drawBarChart(
      'Locked updates a second, 10 clients',
      BARS.map(([variant, name, isOwn]) => {
        const { perSecond, processor } = throughput[variant].c10;
        const { median: value, low, high } = summarise(perSecond);
        const rate = Math.round(value).toLocaleString('en');
        const text = `${rate} · ${median(processor).toFixed(0)} µs`;
        return { name, value, low, high, text, isOwn };
      }),
    ),
    'processes.svg': plot(growth.processes, {
      title: 'Processes on one database, 10 clients each',
      xTitle: 'processes',
      yTitle: UPDATES,
    }),
    'clients.svg': plot(growth.clients, {
      title: 'Clients of one process',
      xTitle: 'clients',
      yTitle: UPDATES,
      isLogarithmic: true,
    }),
    'rows.svg': plot(growth.rows, {
      title: 'Rows of the table, 10 clients',
      xTitle: 'rows',
      yTitle: UPDATES,
      isLogarithmic: true,
    }),
    'contended.svg': plot(growth.contended, {
      title: 'Share of the updates that go to one row, 10 clients',
      xTitle: 'share',
      yTitle: UPDATES,
    }),
    'subscriptions.svg': plot(growth.subscriptions, {
      title: 'Subscriptions, of which one is for each signal (memory)',
      xTitle: 'subscriptions',
      yTitle: 'signals a second',
      isLogarithmic: true,
    }),
    ...(listeners && {
      'listeners.svg': plot(
        { NOTIFY: listeners.perSecond.notify, Redis: listeners.perSecond.redis },
        {
          title: 'Signals a second that every listener hears',
          xTitle: 'listeners: stores, each with a connection of its own',
          yTitle: 'signals a second',
          isLogarithmic: true,
        },
      ),
    }),
    'heap.svg': drawLineChart({
      title: `Heap over ${heap.writes.toLocaleString('en')} writes, without garbage`,
      xTitle: 'writes',
      yTitle: 'megabytes',
      lines: Object.entries(heap.megabytes).map(([name, megabytes]) => ({
        name,
        points: megabytes.map((y, step) => ({
          x: (heap.writes * step) / (megabytes.length - 1),
          y,
          low: y,
          high: y,
        })),
      })),
    }),
  };
}

function plot(lines: Lines, chart: Omit<LineChart, 'lines'>): string {
  return drawLineChart({
    ...chart,
    lines: Object.entries(lines).map(([name, points]) => ({
      name,
      points: points.map(({ x, values }) => {
        const { median, low, high } = summarise(values);
        return { x, y: median, low, high };
      }),
    })),
  });
}
