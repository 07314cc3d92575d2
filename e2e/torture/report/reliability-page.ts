import {
  markdownTable,
  page,
  renderMachine,
  type Machine,
  type WrittenFile,
} from '@justscale/fixtures/commands';
import type { TortureResult } from '../conductor/run-torture.js';

/** What is on record of a run. */
export interface TortureRecord {
  /** The command that made it. */
  readonly command: string;
  readonly machine: Omit<Machine, 'load'>;
  readonly result: Omit<TortureResult, 'byKind'>;
}

const count = (value: number): string => value.toLocaleString('en');

/** The page `docs/reliability.md`, a function of what is on record. */
export function reliabilityPage(record: TortureRecord): Promise<WrittenFile> {
  return page('docs/reliability.md', renderReliability(record));
}

/** What a run showed, in Markdown. */
export function renderReliability({ command, machine, result }: TortureRecord): string {
  const { options, operations, anomalies, defects, heapGrowth } = result;
  const checked = operations.ok + operations.fail + operations.unknown;
  return `# Reliability

\`\`\`sh
${command}
\`\`\`

${options.processes} processes run random transactions against one PostgreSQL while everything around them fails: transfers
between accounts, sequence numbers, sets with unique members, list appends under \`lock\` and \`lockMany\`, creates,
deletes, combined \`mutate\` calls, advisory names, nested transactions, retries, time limits, signals. Each process writes
down what it began, saw under its locks, and was told; a checker reads all of it together with what the database holds in
the end.

One of the tables is as strangers have them (\`e2e/torture/domain/audited-models.ts\`): a CHECK, a UNIQUE, foreign keys, a trigger that
corrects what is written, one that audits every change, one that counts in another row, and one that changes the very row
that its transaction holds locked. The checker compares what callers were told with that audit: each acknowledged change is there
once, as it was computed and returned; what a constraint refused failed its caller, and nobody else; what was undone in a
savepoint or rolled back is not there; and the counters are what there is. Work that goes on after its transaction was rolled
back, because it threw or took too long, is refused whatever it calls.

Most of this page is written by that command; it is from one run, with seed ${options.seed}, on ${renderMachine(machine)}; ${result.server}.

A seed repeats the choices of the workers and of the faults, not the timing of the machine: two runs with one seed differ.

## What was done

${table('load', {
  'worker processes': options.processes,
  'operations at a time in each': options.loops,
  'connections of each': options.maxConnections,
  'longest think time inside a transaction': `${options.thinkMs} ms`,
  'time under faults': `${count(options.seconds)} s`,
  'delivery of signals': `\`${options.delivery}\``,
  'combined mutations': 'on',
})}

${table('operations', {
  acknowledged: operations.ok,
  'failed or rolled back, and said so': operations.fail,
  'of unknown outcome, and said so (or their process was killed)': operations.unknown,
  '**checked**': `**${count(checked)}**`,
  "of them, changes compared with the database's own audit": result.audited,
  'signals heard': result.signals,
  'gaps reported to subscribers': result.gaps,
})}

${table('faults injected', sorted(result.faults))}

Where a fault names a phase it was aimed at it: the process was stopped or killed, or its network cut, just when one of its
transactions got there. \`begun\`: nothing sent yet; \`locked\`, \`written\`; \`before commit\`: its COMMIT is the next thing;
\`committed\`: the COMMIT was acknowledged to the process, and the process had told nobody. A fault \`at COMMIT\` hits zero to two
milliseconds later, when the COMMIT is on its way.

${table('provoked by the workers', sorted(result.provoked))}

${table('errors that callers met', sorted(result.errors))}

Each is a named error of the runtime, by its \`code\` (a \`DATABASE\` error with its SQLSTATE), but for \`ABANDONED\`, which the
workers throw themselves in order to roll back.

## What was found

${table('', {
  'anomalies in the history': anomalies.length === 0 ? 'none' : anomalies.length,
  'defects: errors without a name, processes that died or hung, connections, timers or children left':
    defects.length === 0 ? 'none' : defects.length,
  'heap of the process that lived longest, last third of the run over its middle third':
    heapGrowth === undefined ? 'not enough samples' : heapGrowth.toFixed(2),
})}
${findings(result)}
An anomaly is, by the names that Adya and Elle gave them where they have one: a lost update, a duplicate, aborted (G1a) or
phantom write, an intermediate read (G1b), an incompatible order of versions, a cycle of writes (G0), cyclic information flow
(G1c), read skew (G-single), an anti-dependency cycle (G2), a lock that two transactions held at once, money made or lost, a
sequence with a gap or a twin, a set with a member twice, a result other than what is stored, a constraint that did not hold, a
caller who was refused for another's change, a counter that is wrong, work done after its rollback, a signal before its commit, of a rollback, out of thin air, twice,
out of order, or lost. The checker itself is tested: a history with each of them planted is refused, by its name
(\`check-history.test.ts\` and \`check-audit.test.ts\` in \`e2e/tests/torture\`). That every signal is heard is checked with \`--delivery in-transaction\`, in
the short run of \`npm test\`; the other delivery does not promise it.

The same run fails with the adapter that everybody would write first, the driver's own pool and transactions:
\`npm run torture -- --adapter naive\`. \`npm test\` makes a short run of both.

Ten minutes with another seed, 20261201, were run on 2026-12-01 while other work kept the two processors at a load of 13 to 19. That
is another kind of fault: every time limit is met. 7,828 operations, 1,988 faults, 303 changes compared with the audit: no anomaly, no defect.

Hostile input has a run of its own, \`npm run fuzz -- --inputs 1000000 --seed 1\`: names, ids, patches, queries, signals,
what is decoded and what arrives on the channel, on memory and on PostgreSQL. Each input ends in a result or a named error
within a bounded time, a table that no input names stays as it is, no prototype changes, and no error shows the password.
Interleavings on memory, and both adapters side by side, are explored by \`npm run determinism\`: on 2026-11-26 the same 100,000
programs came to the same results and error classes on both, 1,719,552 answers, with 312,871 waits and 2,748 deadlocks between
them (\`-- --programs 1000 --compared 100000 --seed 20261127\`, 28 minutes); on 2026-12-01, with the engine
as it is now, 20,000 others (\`-- --programs 2000 --compared 20000 --seed 20261201\`, 23 minutes beside other work).

## Under more load

In the run above the processes mostly think. With hardly any think time and one kind of operation, combined \`mutate\` calls on
hot rows, they acknowledged 515,566 operations in 45 s, while 222 backends were terminated, 16 processes killed and PostgreSQL
stopped three times; all of them checked, no anomaly, no defect:

\`\`\`sh
npm run torture -- --seconds 45 --seed 7 --think 2 --loops 24 --connections 12 --operations mutate --faults "SIGKILL,backend terminated,Postgres stopped immediately"
\`\`\`

With \`--operations mutate,append\` it was 102,453, with 203, 24 and 3 such faults; with all kinds and 48 loops
27,224, with 195, 25 and 3. Measured on 2026-11-26 on the machine named above, whose two processors run the server and the checker as well.

## What is not promised

- **A signal arrives at most once.** While the connection that listens is down, signals pass unheard. The store reports
  \`gap\` when it listens again: whoever caches reads again. A signal is a hint, the table is the truth.
- **A crash between COMMIT and NOTIFY loses the signal**, though not the data, with \`signalDelivery: 'after-commit'\`, the
  default; and no \`gap\` tells, since the connections of those who listen are whole. With \`'in-transaction'\` the signal is
  part of the commit, at the price of a lock on the whole database in every commit that signals.
- **A COMMIT that lost its connection may have happened or not.** The error says \`outcome: 'unknown'\`: read before you
  repeat. With any other outcome nothing was written.
- **A process that is killed tells nobody what it committed last.**
- **A read that waits longer than \`replyTimeoutMs\` is given up**, and so is a COMMIT, with an unknown outcome. What waits
  for a lock is limited by \`timeoutMs\` of the lock or the transaction; without that it waits for as long as others hold
  the row, and on a connection that went silent for as long as the operating system takes to give it up.
- **\`idleInTransactionTimeoutMs\`** (60 s) is how long a process that hangs can keep its locks.
- **\`idleTimeoutMs\` and \`maxLifetimeMs\`** close connections of the pool that are unused or open for so long; never one that is in
  use. Without them connections stay open.
- One PostgreSQL was tested. What a replica loses when it takes over is up to how it replicates.
`;
}

type Rows = Readonly<Record<string, number | string>>;

function sorted(rows: Rows): Rows {
  return Object.fromEntries(Object.entries(rows).toSorted(([a], [b]) => a.localeCompare(b)));
}

/** A table of two columns. */
function table(title: string, rows: Rows): string {
  const cells = Object.entries(rows).map(([name, value]) => [
    name,
    typeof value === 'number' ? count(value) : value,
  ]);
  return markdownTable([title, '>'], cells);
}

function findings({ anomalies, defects }: TortureRecord['result']): string {
  const lines = [
    ...anomalies.map(({ name, detail }) => `${name}: ${detail}`),
    ...defects.map((defect) => defect.split('\n')[0] ?? ''),
  ];
  return lines.length === 0 ? '' : `\n${lines.map((line) => `- ${line}`).join('\n')}\n`;
}
