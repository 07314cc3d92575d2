import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import colors from 'picocolors';
import { RINGS } from './check.js';
import { jsonReport } from './report/json-report.js';
import { TableReporter } from './report/table-reporter.js';
import { findChecks } from './run/find-checks.js';
import { runChecks, type Reporter } from './run/run-checks.js';

const USAGE = `Proves the guarantees on this machine: types, lint, runtime, and two processes on one Postgres.

  npm run prove -- [options]

  --ring <ring>    only this one: ${RINGS.join(', ')}; may be given several times
  --json           prints the result as JSON
  --checks <dir>   the checks of another folder
  --help           prints this

DATABASE_URL names a PostgreSQL server to use; without it, one is started and removed again.
Exit code: 0 when everything held, 1 when something did not, 2 for wrong options, 130 after Ctrl-C.`;

const INTERRUPTED = 130;
const WRONG_USAGE = 2;
const SILENT: Reporter = { start() {}, progress() {}, end() {} };

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      ring: { type: 'string', multiple: true, default: [...RINGS] },
      json: { type: 'boolean', default: false },
      checks: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const unknown = values.ring.find((ring) => !(RINGS as readonly string[]).includes(ring));
  if (unknown !== undefined) throw new TypeError(`There is no ring ${unknown}.`);

  const all = await findChecks(
    values.checks === undefined ? undefined : pathToFileURL(`${values.checks}/`),
  );
  const checks = all.filter(({ check }) => values.ring.includes(check.ring));
  const table = values.json
    ? undefined
    : new TableReporter(
        checks.map(({ check }) => check),
        process.stdout,
        colors,
      );

  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => interrupt.abort());
  }
  try {
    const outcomes = await runChecks(checks, table ?? SILENT, interrupt.signal);
    if (values.json) console.log(JSON.stringify(jsonReport(outcomes), undefined, 2));
    table?.summarise();
    return outcomes.length > 0 && outcomes.every(({ ok }) => ok) ? 0 : 1;
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    table?.stop();
    console.error('\nInterrupted: what was started has been ended.');
    return INTERRUPTED;
  }
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    const isUsage = error instanceof TypeError;
    console.error(isUsage ? `${error.message}\n\n${USAGE}` : error);
    process.exitCode = isUsage ? WRONG_USAGE : 1;
  },
);
