import { summarise } from '@justscale/fixtures/commands';
import type { Lines } from '../parts/growth.js';
import type { Parts } from '../results.js';
import { drawLineChart, type LineChart } from './line-chart.js';

const UPDATES = 'locked updates a second';

/** The plots of the page: SVG texts, by the name of the file in `docs/performance/`. */
export function drawPlots({ growth, heap }: Pick<Parts, 'growth' | 'heap'>) {
  return {
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
    'subscriptions.svg': plot(growth.subscriptions, {
      title: 'Subscriptions, of which one is for each signal (memory)',
      xTitle: 'subscriptions',
      yTitle: 'signals a second',
      isLogarithmic: true,
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
