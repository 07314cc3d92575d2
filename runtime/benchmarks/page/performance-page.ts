import {
  markdownTable,
  median,
  ratios,
  summarise,
  type Summary,
} from '@justscale/fixtures/commands';
import type { VariantFacts } from '../environment.js';
import { CONDITIONS, PEERS, VARIANTS, type VariantName } from '../parts/throughput.js';
import type { COMMIT_VARIANTS } from '../parts/commits.js';
import type { Parts, Results } from '../results.js';
import { renderImportProfile, renderSignalProfile, renderUpdateProfile } from './profiles.js';
import { compareWithTargets } from './targets.js';

const OWN = ['mutate', 'mutate-uncombined', 'transaction'] as const;
type Format = (value: number) => string;

const number: Format = (value) => Math.round(value).toLocaleString('en');
const spread = ({ low, high }: Summary, format: Format): string => `${format(low)}–${format(high)}`;
const micro = (times: readonly (number | null)[]): string => {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? '–' : median(known).toFixed(0);
};
const two: Format = (value) => value.toFixed(2);

/** docs/performance.md, from the results of a whole run. */
export function renderPerformancePage(results: Results): string {
  const { environment, parts } = results;
  return [
    renderHead(environment),
    renderPicture(),
    renderTargets(parts),
    renderThroughput(environment, parts.throughput),
    renderSlower(environment, parts.throughput),
    renderUpdateProfile(results),
    renderAsked(environment),
    renderConditions(results),
    renderLockMany(parts.lockMany),
    ...renderQueries(parts),
    renderMemory(parts.memory),
    renderSignals(parts),
    renderCost(parts),
    renderGrowth(parts),
  ].join('\n\n');
}

type Environment = Results['environment'];

function renderHead(environment: Environment): string {
  const { processors, model, memoryGiB, load, node, postgres, date, rounds, seconds } = environment;
  return `# Performance

\`\`\`sh
npm run bench                              # everything, as JSON
npm run bench -- --write                   # and writes this page, its plots and runtime/benchmarks/results.json
npm run bench -- --only throughput         # one part
npm run bench -- --rounds 1                # fewer rounds
\`\`\`

Measured on ${date}, on ${processors} × ${model}, ${memoryGiB} GiB, load ${load.toFixed(1)} when it began, with Node.js ${node} and
PostgreSQL ${postgres} on the same machine, over TCP, \`fsync\` off: what is left is what clients and server do. ${rounds} rounds in
${number(seconds)} seconds, all variants by turns within each. A ratio is taken within each round; the tables have the median of the
rounds, and in brackets the lowest and the highest.`;
}

function renderPicture(): string {
  return `![Locked updates a second, with the processor time that the client takes for one](performance/throughput.svg)

Ten clients on rows of their own, next to the server. Behind each bar, the microseconds of processor time that the client's process takes for
an update; the line in it goes from the lowest round to the highest.`;
}

function renderTargets(parts: Parts): string {
  const targets = compareWithTargets(parts);
  const reached = targets.filter(({ isReached }) => isReached).length;
  return `## What was to be reached

${reached} of ${targets.length} targets are reached.

${markdownTable(
  ['what', 'target', 'measured', ''],
  targets.map(({ what, target, measured, isReached }) => [
    what,
    target,
    measured,
    isReached ? 'reached' : '**missed**',
  ]),
)}`;
}

function renderThroughput({ variants }: Environment, throughput: Parts['throughput']): string {
  const reference = throughput['hand-written'];
  const titles = CONDITIONS.map(({ title }) => title);
  const rows = VARIANTS.map((variant) => {
    const conditions = throughput[variant];
    const cells = CONDITIONS.map(({ name }) => {
      const { perSecond, processor, server } = conditions[name];
      const ratio = ratios(perSecond, reference[name].perSecond);
      const times = `${micro(processor)} + ${micro(server)} µs`;
      return variant === 'hand-written'
        ? `1.00; ${times}`
        : `${two(ratio.median)} (${spread(ratio, two)}); ${times}`;
    });
    return [variants[variant].title, ...cells];
  });
  const rates = CONDITIONS.map(({ name }) => number(median(reference[name].perSecond)));
  return `## Lock a row, decide, update it

Locked updates a second, as a ratio to the hand-written transaction. "Clients" are callers in one process that wait for each
update before the next; every variant has a pool of as many connections. Without "hot row" each client has rows of its own.
Behind the semicolon, the processor time that the client's process and
the server's processes take for an update. After each round every row's counter was compared with the number of acknowledged updates. Up to ten clients the connections stay open over
all rounds, and before the first one each process works until its code is compiled, as in a server that runs; for fifty, of which
there are too many for that, they are opened for each measurement.

${markdownTable(['variant', ...titles], [...rows, ['hand-written, updates a second', ...rates]])}`;
}

function renderSlower({ variants }: Environment, throughput: Parts['throughput']): string {
  const lines = OWN.flatMap((own) => {
    const behind = CONDITIONS.flatMap(({ name, title }) => {
      const rate = (variant: VariantName): number =>
        ratios(throughput[variant][name].perSecond, throughput['hand-written'][name].perSecond)
          .median;
      const ahead = PEERS.filter((variant) => rate(variant) > rate(own));
      const faster = [
        ...(rate(own) < 1 ? ['hand-written'] : []),
        ...ahead.map((variant) => variants[variant].title),
      ];
      return faster.length === 0 ? [] : [`${title} (behind ${faster.join(', ')})`];
    });
    return behind.length === 0 ? [] : [`- ${variants[own].title}: ${behind.join('; ')}.`];
  });
  return `### Where it is slower

${
  lines.length === 0
    ? 'In no column is one of the three behind the hand-written transaction, an ORM or a query builder.'
    : `Behind the hand-written transaction, an ORM or a query builder, by median:\n\n${lines.join('\n')}`
}`;
}

function renderAsked({ variants }: Environment): string {
  const rows = Object.values<VariantFacts>(variants).map(({ title, asked, versions }) => {
    const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
    return [title, asked, packages.join(', ')];
  });
  return `### What each was asked to do

${markdownTable(['variant', 'asked', 'versions'], rows)}

Each has a process of its own. Prisma's client is the one without a Rust engine. The schema of the model is checked by Zod in
the rows of \`@justscale/runtime\`; the others check nothing.`;
}

function renderConditions({ roundTrip }: Results): string {
  const ms: Format = (value) => `${value.toFixed(2)} ms`;
  return `### The delay

A proxy in a process of its own lets every byte of a direction wait, each by itself. A round trip took ${ms(roundTrip.plainMs)} without and
${ms(roundTrip.oneMs)} with it; ${ms(roundTrip.pipelinedMs)} for ten queries on the way on one connection, and ${ms(roundTrip.manyMs)} on each of fifty
connections at a time, where the two processors are what is waited for. All variants go through the same proxy.`;
}

function renderLockMany({ loop, lockMany }: Parts['lockMany']): string {
  const ratio = ratios(loop, lockMany);
  return `## Many locks

A transaction that locks 100 rows at +2.4 ms: ${median(lockMany).toFixed(1)} ms with \`lockMany\`, ${median(loop).toFixed(0)} ms with a loop of \`lock\`:
${ratio.median.toFixed(0)} times as fast (${spread(ratio, (value) => value.toFixed(0))}).`;
}

/** Nothing for a record without them. */
function renderQueries({ queries }: Partial<Pick<Parts, 'queries'>>): readonly string[] {
  if (queries === undefined) return [];
  const titles = {
    newest: 'the newest 50, by an index',
    deepPage: '50 after the row in the middle, newest first',
    lockMany:
      'a transaction with `lockMany` of 8,000 rows; by hand `where id = any(…) order by id for update`',
  };
  const rows = (Object.keys(titles) as (keyof typeof titles)[]).map((query) => {
    const { runtime, byHand } = queries.milliseconds[query];
    const ratio = ratios(runtime, byHand);
    return [
      titles[query],
      two(median(runtime)),
      two(median(byHand)),
      `${two(ratio.median)} (${spread(ratio, two)})`,
    ];
  });
  const { backends, patches } = queries;
  const most = (figure: keyof (typeof backends)[number]): number =>
    Math.max(...backends.map((backend) => backend[figure]));
  return [
    `## Queries of a million rows

Milliseconds, next to the server, on one connection each. By hand the rows are what the driver gives; through the store they are
checked, frozen, and their dates refuse to be changed; who asks by hand for a page brings the values of the row before it, \`after\` reads them.

${markdownTable(['query', 'store', 'by hand', 'ratio'], rows)}

${number(patches)} updates of one row, each of other fields than the ones before, are as many statements. A connection keeps at most
${most('statements')} of them prepared: the server's process for it grew from ${(backends[0]?.megabytes ?? 0).toFixed(1)} to at most ${most('megabytes').toFixed(1)} MB.`,
  ];
}

function renderMemory(memory: Parts['memory']): string {
  const titles = {
    mutate: '**`mutate`**',
    transaction: '**`transaction`, `lock`, `update`**',
    mutex: '`async-mutex` and a `Map`, nothing else',
    checkedMutex: '`async-mutex` and a `Map`, with the schema checked and the row frozen',
  };
  const rows = (Object.keys(titles) as (keyof typeof titles)[]).map((variant) => {
    const rate = summarise(memory[variant]);
    return [titles[variant], `${number(rate.median)} (${spread(rate, number)})`];
  });
  return `## In memory

Locked updates for each second of processor time, 10 callers, 16 rows.

${markdownTable(['variant', 'a second'], rows)}`;
}

function renderSignals({ signals, commits }: Parts): string {
  const titles = { 'raw-notify': 'by hand on the driver', runtime: '**`emit`, `subscribe`**' };
  const figures = ['burstMs', 'latencyMs', 'latencyP95Ms'] as const;
  const rows = (Object.keys(titles) as (keyof typeof titles)[]).map((transport) => {
    const cells = figures.map((figure) => {
      const value = summarise(signals[transport].map((round) => round[figure]));
      return `${two(value.median)} (${spread(value, two)})`;
    });
    return [titles[transport], ...cells];
  });
  const commitTitles: Record<(typeof COMMIT_VARIANTS)[number], string> = {
    transaction: 'no signal',
    'signals-after-commit': "`signalDelivery: 'after-commit'`, the default",
    'signals-in-transaction': "`signalDelivery: 'in-transaction'`",
    'hand-written-notify': 'hand-written, `pg_notify` before the COMMIT',
  };
  const reference = commits.transaction.c50.perSecond;
  const commitRows = (Object.keys(commitTitles) as (keyof typeof commitTitles)[]).map((variant) => {
    const { perSecond } = commits[variant].c50;
    const ratio = ratios(perSecond, reference);
    const shown = `${two(ratio.median)} (${spread(ratio, two)})`;
    return [commitTitles[variant], shown, number(median(perSecond))];
  });
  return `## Signals

From one process to another, in milliseconds. By hand, 10,000 are sent as \`select pg_notify(…) from unnest(…)\` in batches of 500, and
one as \`NOTIFY\`. That checks nothing; \`emit\` checks and encodes each parameter, keeps equal ones apart, since Postgres folds those
of a transaction into one, and answers each caller for its own; the listener decodes each and looks up who asked for it.

${markdownTable(
  ['transport', '10,000 at once', 'latency at 100 a second', 'its 95th percentile'],
  rows,
)}

${renderSignalProfile(signals, titles)}

Commits of 50 clients, each with a lock, an update and a signal, as a ratio to those without a signal. NOTIFY inside a
transaction takes a lock on the whole database at COMMIT. The default sends one NOTIFY for the commits that came meanwhile,
after them: a process that crashes in between has committed and loses the signals that it had not sent yet.
\`in-transaction\` loses none.

${markdownTable(['signal', 'ratio', 'commits a second'], commitRows)}`;
}

function renderCost({ path, heap, import: importing }: Parts): string {
  const us = (values: readonly number[]): string => {
    const value = summarise(values);
    const one: Format = (figure) => figure.toFixed(1);
    return `${one(value.median)} (${spread(value, one)})`;
  };
  const wall = (name: keyof typeof importing.processes, figure: 'importMs' | 'processMs'): number =>
    median(importing.processes[name].map((run) => run[figure]));
  const heapRows = Object.entries(heap.megabytes).map(([store, steps]) => [
    store,
    ...[steps[0], steps[1], steps.at(-1)].map((mb) => (mb ?? 0).toFixed(1)),
  ]);
  return `## What it costs to be checked

Processor time of the runtime alone, with an adapter that answers at once:

${markdownTable(
  ['', 'µs'],
  [
    [
      '`update` with an empty patch: identity, liveness, ownership, validation without a schema, a snapshot',
      us(path.checks),
    ],
    ['`update` of one field, the same and the write', us(path.update)],
    ['`transaction`, `lock`, `update`, with Zod', us(path.path)],
    ['`mutate`, with Zod', us(path.mutate)],
    // A record of an older run has no such case.
    ...('listened' in path
      ? [
          [
            '`transaction`, `lock`, `update`, with Zod, and a listener on every channel of `node:diagnostics_channel`',
            us(path.listened),
          ],
        ]
      : []),
  ],
)}

The heap in megabytes, after garbage collection, with 200 callers on one row; \`transaction\` on the memory store, \`mutate\` on Postgres:

${markdownTable(['store', 'before', 'after 100,000 writes', 'after 1,000,000'], heapRows)}

![The heap over a million writes](performance/heap.svg)

\`import '@justscale/runtime'\` takes ${wall('runtime', 'importMs').toFixed(1)} ms in a process that has imported nothing before, \`@justscale/runtime/postgres\`
${wall('postgres', 'importMs').toFixed(1)} ms, an empty module ${wall('empty', 'importMs').toFixed(1)} ms; the whole process takes ${wall('runtime', 'processMs').toFixed(0)} ms, bare
Node.js ${wall('bare', 'processMs').toFixed(0)} ms. It loads ${importing.files} files of ${kilobytes(importing.bytes)}, ${kilobytes(importing.gzipBytes)} minified and gzipped.

${renderImportProfile(importing)}`;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} kB`;
}

function renderListeners({ server, perSecond }: NonNullable<Parts['listeners']>): string {
  const most = (transport: keyof typeof perSecond): string => {
    const { x, values } = perSecond[transport].at(-1) ?? { x: 0, values: [] };
    return `${number(median(values))} with ${x}`;
  };
  return `
Postgres hands each notification to every process of the server that listens: ${most('notify')} stores. A Redis or Valkey
server sends it to all (\`redisSignals\`): ${most('redis')}. Two processes listen, one emits 100 at a time, and a signal counts when the last has heard it;
${server}.

![Signals by listeners](performance/listeners.svg)
`;
}

function renderGrowth({ listeners }: Partial<Pick<Parts, 'listeners'>>): string {
  return `## Growth

Medians of at most two rounds, with the lowest and highest as a line at each point. One machine runs it all, the server included: more
processes share the same processors.

![Throughput by processes](performance/processes.svg)

![Throughput by clients](performance/clients.svg)

![Throughput by rows](performance/rows.svg)

![Throughput by the share of contended rows](performance/contended.svg)

![Signals by subscriptions](performance/subscriptions.svg)
${listeners ? renderListeners(listeners) : ''}`;
}
