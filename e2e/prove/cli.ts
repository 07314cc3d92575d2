import { Option, command, repository } from '@justscale/fixtures/commands';
import type { Check, CheckResult } from './check.js';
import { CHECKS } from './checks/index.js';
import type { FinishedCheck } from './output/finished-check.js';
import { createProgressView, type ProgressView } from './output/progress-view.js';
import { formatTable } from './output/result-table.js';

const options = command({
  name: 'prove',
  does: 'Checks every claim of the README, ring by ring, and shows what was checked.',
  takes: 'two minutes',
  failsWhen: 'a claim does not hold; 130 after Ctrl-C',
})
  .addOption(
    new Option('--ring <name>', 'the claims of one ring').choices([
      ...new Set(CHECKS.map(({ ring }) => ring)),
    ]),
  )
  .parse()
  .opts();

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());

const isTerminal = process.stderr.isTTY;

async function runCheck(check: Check, view: ProgressView): Promise<FinishedCheck> {
  const started = performance.now();
  view.start(check.claim);
  let result: CheckResult;
  try {
    result = await check.run({
      root: repository,
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

async function runChecks(checks: readonly Check[]): Promise<FinishedCheck[]> {
  const view = createProgressView(isTerminal && !options.json);
  const finished: FinishedCheck[] = [];
  for (const check of checks) {
    if (interrupt.signal.aborted) break;
    finished.push(await runCheck(check, view));
  }
  return finished;
}

const finished = await runChecks(
  CHECKS.filter(({ ring }) => options.ring === undefined || options.ring === ring),
);

if (options.json) {
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
