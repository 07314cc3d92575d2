import { markdownTable, median } from '@justscale/fixtures/commands';
import type { VariantFacts } from '../environment.js';
import type { RoundTrip } from '../delayed-server.js';
import { PROFILED_VARIANTS } from '../parts/profile.js';
import { COUNTED_VARIANTS } from '../parts/round-trips.js';
import type { SignalRound } from '../parts/signals.js';
import { CONDITIONS, type VariantName } from '../parts/throughput.js';
import { AREAS, type Area, type Areas } from '../profile-areas.js';
import type { Parts, Results } from '../results.js';

/** Where the time of a locked update goes: next to the server by sampling, behind the delay by what is known of it. */
export function renderUpdateProfile({
  environment: { variants },
  roundTrip,
  parts,
}: Results): string {
  const columns = PROFILED_VARIANTS.map((variant) => ({
    title: variants[variant].title,
    rounds: parts.profile[variant],
  }));
  return `### Where the time goes

The client's process by sampling, 10 clients next to the server, in microseconds for an update. A thread that waits for one of the two
processors looks busy here, most of all in the system call that wakes the server.

${renderAreas(columns, 0)}

Next to the server a round trip that is saved saves little, and the processor decides: a transaction of the runtime is six replies for the
driver to read (BEGIN names the transaction and limits its idle time), a hand-written one four; it carries its rows through the
schema, and it is followed by \`AsyncLocalStorage\`, for which Node.js before version 24 calls a hook for every promise, those of the driver
included. That is so in every column next to the server, and most where the connections are new. What the client's process takes of the
processor, in microseconds for an update:

${renderProcessor(variants, parts.throughput)}

With a network between, the round trips decide, and next the processor: many clients of one process have one thread. At +2.4 ms, in
milliseconds for an update of a client; the round trips are counted on the wire:

${renderDelayed(variants, roundTrip, parts)}

The processor's time is that of all clients, since each waits for the others as well; a round trip of a single query took ${roundTrip.oneMs.toFixed(2)} ms,
its own processor's time included. What is left is the server's time and that of the proxy, on the same two processors.`;
}

function renderProcessor(variants: Variants, throughput: Parts['throughput']): string {
  const near = CONDITIONS.filter(({ isDelayed }) => !isDelayed);
  const rows = COUNTED_VARIANTS.map((variant) => {
    const cells = near.map(({ name }) => median(throughput[variant][name].processor).toFixed(0));
    return [variants[variant].title, ...cells];
  });
  return markdownTable(['', ...near.map(({ title }) => title)], rows);
}

function renderDelayed(
  variants: Variants,
  { oneMs }: RoundTrip,
  { roundTrips, throughput }: Parts,
): string {
  const ms = (value: number): string => value.toFixed(1);
  const far = CONDITIONS.filter(({ isDelayed, rows }) => isDelayed && rows > 1);
  const rows = COUNTED_VARIANTS.map((variant) => {
    const cells = far.flatMap(({ name, clients }) => {
      const { perSecond, processor } = throughput[variant][name];
      const computed = (median(processor) * clients) / 1_000;
      return [ms(computed), `**${ms((clients * 1_000) / median(perSecond))}**`];
    });
    const waited = [roundTrips[variant].toFixed(0), ms(roundTrips[variant] * oneMs)];
    return [variants[variant].title, ...waited, ...cells];
  });
  const titles = far.flatMap(({ clients }) => {
    const who = clients === 1 ? '1 client' : `${clients} clients`;
    return [`${who}: processor`, `${who}: all`];
  });
  return markdownTable(['', 'round trips', `× ${oneMs.toFixed(2)} ms`, ...titles], rows);
}

/** Where the time of a signal goes, in the two processes that exchange it. */
export function renderSignalProfile(
  signals: Parts['signals'],
  titles: Readonly<Record<keyof Parts['signals'], string>>,
): string {
  const transports = Object.keys(signals) as (keyof Parts['signals'])[];
  const columns = (load: keyof SignalRound['profile']): readonly Column[] =>
    (['emit', 'listen'] as const).flatMap((job) =>
      transports.map((transport) => ({
        title: `${job === 'emit' ? 'sends' : 'hears'}: ${titles[transport]}`,
        rounds: signals[transport].map(({ profile }) => profile[load][job]),
      })),
    );
  return `Where the time goes, by sampling, in microseconds for a signal; first 10,000 at once:

${renderAreas(columns('burst'), 1)}

Then 100 a second:

${renderAreas(columns('steady'), 0)}

By hand, 10,000 signals are 20 statements and 20 promises. \`emit\` makes a \`Ref\`, an object of parameters, a topic and a promise of each, in
one turn of the event loop before the first of them can leave, and 10,000 callers who wait at the same time are garbage to
collect; who hears them finds out for each whom it is for. The server has less to do: it answers with one row for a statement, not
with one for each signal.`;
}

/** Where the time of an import goes. */
export function renderImportProfile({ processes, profile, files }: Parts['import']): string {
  const ms = (name: keyof typeof processes): string =>
    median(processes[name].map(({ importMs }) => importMs)).toFixed(1);
  const own = median(profile.map(({ runtime }) => runtime)) / 1_000;
  return `An empty module takes ${ms('empty')} ms where nothing was imported before: that is Node.js itself, which reads its loader then. After it, as in any
application, \`import '@justscale/runtime'\` takes ${ms('runtimeAfterEmpty')} ms. By sampling, ${own.toFixed(1)} ms of an import are code of the runtime; in the
rest Node.js finds the package, and reads and compiles its ${files} files.`;
}

type Variants = Readonly<Record<VariantName, VariantFacts>>;

interface Column {
  readonly title: string;
  /** One entry of each round. */
  readonly rounds: readonly Areas[];
}

/** A table of areas, without those that are empty in each column. */
function renderAreas(columns: readonly Column[], digits: number): string {
  const format = (value: number): string => value.toFixed(digits);
  const medianOf = ({ rounds }: Column, area: Area): number =>
    median(rounds.map((areas) => areas[area]));
  const total = ({ rounds }: Column): number =>
    median(rounds.map((areas) => Object.values(areas).reduce((sum, time) => sum + time, 0)));
  const shown = (Object.keys(AREAS) as Area[]).filter((area) =>
    columns.some((column) => Number(format(medianOf(column, area))) > 0),
  );
  return markdownTable(
    ['', ...columns.map(({ title }) => title)],
    [
      ...shown.map((area) => [
        AREAS[area],
        ...columns.map((column) => format(medianOf(column, area))),
      ]),
      ['**all**', ...columns.map((column) => `**${format(total(column))}**`)],
    ],
  );
}
