import { PROFILED_VARIANTS } from '../parts/profile.js';
import { COUNTED_VARIANTS } from '../parts/round-trips.js';
import { AREAS } from '../profile-areas.js';
import { median } from '../statistics.js';

/** Where the time of a locked update goes: next to the server by sampling, behind the delay by what is known of it. */
export function renderUpdateProfile({ environment: { variants }, roundTrip, parts }) {
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
included.

With a network between, the round trips decide. One client at +2.4 ms, in milliseconds for an update; the round trips are counted on the wire:

${renderDelayed(variants, roundTrip, parts)}

A round trip of a single query took ${roundTrip.oneMs.toFixed(2)} ms. What is left beside it and the client's processor is the server's
time, and what the proxy's timers are late, once in each direction of each round trip.`;
}

function renderDelayed(variants, { oneMs }, { roundTrips, throughput }) {
  const ms = (value) => value.toFixed(1);
  const rows = COUNTED_VARIANTS.map((variant) => {
    const { perSecond, processor } = throughput[variant].far1;
    const waited = roundTrips[variant] * oneMs;
    const computed = median(processor) / 1_000;
    const all = 1_000 / median(perSecond);
    const cells = [ms(waited), ms(computed), ms(all - waited - computed), `**${ms(all)}**`];
    return `| ${variants[variant].title} | ${roundTrips[variant].toFixed(0)} | ${cells.join(' | ')} |`;
  });
  return `| | round trips | spent on them | client's processor | the rest | all |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}`;
}

/** Where the time of a signal goes, in the two processes that exchange it. */
export function renderSignalProfile(signals, titles) {
  const columns = (load) =>
    ['emit', 'listen'].flatMap((job) =>
      Object.entries(signals).map(([transport, rounds]) => ({
        title: `${job === 'emit' ? 'sends' : 'hears'}: ${titles[transport]}`,
        rounds: rounds.map(({ profile }) => profile[load][job]),
      })),
    );
  return `Where the time goes, by sampling, in microseconds for a signal; first 10,000 at once:

${renderAreas(columns('burst'), 1)}

Then 100 a second:

${renderAreas(columns('steady'), 0)}

By hand, 10,000 signals are 20 statements and 20 promises. \`emit\` makes a \`Ref\`, an object of parameters, a topic and a promise of each, in
one turn of the event loop before the first of them can leave; the garbage of 10,000 callers who wait at the same time is what
costs most of it. The server's part is alike: it sends and receives the same payloads.`;
}

/** Where the time of an import goes. */
export function renderImportProfile({ processes, profile, files }) {
  const ms = (name) => median(processes[name].map(({ importMs }) => importMs)).toFixed(1);
  const own = median(profile.map(({ runtime }) => runtime)) / 1_000;
  return `An empty module takes ${ms('empty')} ms where nothing was imported before: that is Node.js itself, which reads its loader then. After it, as in any
application, \`import '@justscale/runtime'\` takes ${ms('runtimeAfterEmpty')} ms. By sampling, ${own.toFixed(1)} ms of an import are code of the runtime; in the
rest Node.js finds the package, and reads and compiles its ${files} files.`;
}

/** A table of areas, without those that are empty in each column. */
function renderAreas(columns, digits) {
  const format = (value) => value.toFixed(digits);
  const row = (title, value) => `| ${title} | ${columns.map(value).join(' | ')} |`;
  const medianOf = ({ rounds }, area) => median(rounds.map((areas) => areas[area]));
  const total = ({ rounds }) =>
    median(rounds.map((areas) => Object.values(areas).reduce((sum, time) => sum + time)));
  const shown = Object.entries(AREAS).filter(([area]) =>
    columns.some((column) => Number(format(medianOf(column, area))) > 0),
  );
  return [
    row('', ({ title }) => title),
    row('---', () => '---'),
    ...shown.map(([area, title]) => row(title, (column) => format(medianOf(column, area)))),
    row('**all**', (column) => `**${format(total(column))}**`),
  ].join('\n');
}
