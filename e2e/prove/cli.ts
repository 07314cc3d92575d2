import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CHECKS } from './checks/index.js';
import type { Check, CheckResult } from './check.js';
import type { FinishedCheck } from './output/finished-check.js';
import { createProgressView } from './output/progress-view.js';
import { formatTable } from './output/result-table.js';

const USAGE = `npm run prove [-- --json] [-- --ring types|lint|runtime|processes]

Checks every claim of the README, ring by ring, and shows what was checked.
Exits with 0 when all of them hold, with 1 when one falls, with 2 for wrong options, with 130 after Ctrl-C.`;

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const RINGS: readonly string[] = CHECKS.map(({ ring }) => ring);

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        json: { type: 'boolean', default: false },
        ring: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.ring === undefined || RINGS.includes(values.ring)) return values;
    throw new Error(`There is no ring '${values.ring}'.`);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

const values = readOptions();
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());

const isTerminal = process.stderr.isTTY;
const view = createProgressView(isTerminal && !values.json);

async function runCheck(check: Check): Promise<FinishedCheck> {
  const started = performance.now();
  view.start(check.claim);
  let result: CheckResult;
  try {
    result = await check.run({
      root: ROOT,
      signal: interrupt.signal,
      progress: (text) => view.update(text),
    });
  } catch (error) {
    result = {
      count: 0,
      unit: 'checked',
      failures: [error instanceof Error ? error.message : String(error)],
    };
  }
  view.stop();
  return { check, result, seconds: (performance.now() - started) / 1_000 };
}

const finished: FinishedCheck[] = [];
for (const check of CHECKS.filter(
  ({ ring }) => values.ring === undefined || values.ring === ring,
)) {
  if (interrupt.signal.aborted) break;
  finished.push(await runCheck(check));
}

if (values.json) {
  const report = finished.map(({ check, result, seconds }) => ({
    ring: check.ring,
    claim: check.claim,
    seconds,
    ...result,
  }));
  console.log(JSON.stringify(report, null, 2));
} else {
  const withColour = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';
  console.log(formatTable(finished, withColour));
}
const holds = finished.length > 0 && finished.every(({ result }) => result.failures.length === 0);
process.exitCode = interrupt.signal.aborted ? 130 : holds ? 0 : 1;
