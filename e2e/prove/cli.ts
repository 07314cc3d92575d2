import { writeFile } from 'node:fs/promises';
import {
  Option,
  command,
  describeMachine,
  renderMachine,
  repository,
} from '@justscale/fixtures/commands';
import { verdictOf } from './check.js';
import { CHECKS } from './checks/index.js';
import { logView, terminalView } from './output/progress-view.js';
import { proofPage } from './output/proof-page.js';
import { formatTable } from './output/result-table.js';
import { runChecks } from './run-checks.js';

const options = command({
  name: 'prove',
  does: 'Checks every claim of the README, ring by ring, and shows what was checked.',
  takes: 'about a minute on two cores; some four with --all',
  failsWhen: 'a claim does not hold; 130 after Ctrl-C',
})
  .addOption(
    new Option('--ring <name>', 'the claims of one ring').choices([
      ...new Set(CHECKS.map(({ ring }) => ring)),
    ]),
  )
  .option('--all', 'every test of each claim, not the shortest that hold it')
  .option('--html <file>', 'write the proof as a page')
  .parse()
  .opts();

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());

const started = performance.now();
const view = process.stderr.isTTY ? terminalView(process.stderr) : logView(process.stderr);
const finished = await runChecks(
  CHECKS.filter(({ ring }) => options.ring === undefined || options.ring === ring),
  { root: repository, signal: interrupt.signal, isThorough: options.all === true },
  view,
);
view.close();
const seconds = (performance.now() - started) / 1_000;

if (options.html !== undefined)
  await writeFile(
    options.html,
    proofPage(finished, { seconds, machine: renderMachine(describeMachine()) }),
  );
if (options.json) {
  const report = finished.map((each) => ({
    ring: each.check.ring,
    claim: each.check.claim,
    verdict: verdictOf(each),
    seconds: each.seconds,
    ...each.result,
  }));
  console.log(JSON.stringify(report, null, 2));
} else {
  const withColour = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';
  console.log(formatTable(finished, seconds, withColour));
}
const holds = finished.length > 0 && finished.every((each) => verdictOf(each) !== 'falls');
process.exitCode = interrupt.signal.aborted ? 130 : holds ? 0 : 1;
