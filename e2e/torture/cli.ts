import {
  InvalidArgumentError,
  Option,
  command,
  describeMachine,
  readRecord,
  record,
  wholeNumber,
  writeOrCheck,
  writingMeasurements,
} from '@justscale/fixtures/commands';
import { FAULTS } from './conductor/faults.js';
import { formatResult } from './conductor/format-result.js';
import { runTorture } from './conductor/run-torture.js';
import { reliabilityPage, type TortureRecord } from './report/reliability-page.js';
import { OPERATIONS } from './worker/operations.js';

const RECORD = 'e2e/torture/report/result.json';

const [write, check, recorded] = writingMeasurements('docs/reliability.md and its record');
const options = command({
  name: 'torture',
  does: 'Processes run random transactions on one Postgres while everything around them fails, and a checker reads what they saw.',
  takes: 'as long as --seconds says, and a third of that for the checker',
  failsWhen: 'there is an anomaly or a defect, or the page is out of date',
})
  .addOption(write)
  .addOption(check)
  .addOption(recorded)
  .option('--seconds <n>', 'how long faults are injected', wholeNumber, 60)
  .option('--seed <n>', 'repeats the random choices of a run', wholeNumber, 1)
  .option('--workers <n>', 'worker processes', wholeNumber, 4)
  .option('--loops <n>', 'operations at a time in each process', wholeNumber, 12)
  .option('--connections <n>', 'connections of each process', wholeNumber, 6)
  .option('--think <ms>', 'longest think time inside a transaction', wholeNumber, 300)
  .addOption(
    new Option('--adapter <name>', 'naive is the adapter that must fail')
      .choices(['justscale', 'naive'])
      .default('justscale'),
  )
  .addOption(
    new Option('--delivery <mode>', 'when signals are sent')
      .choices(['after-commit', 'in-transaction'])
      .default('after-commit'),
  )
  .option(
    '--operations <names>',
    `these kinds: ${namesOf(OPERATIONS).join(', ')}`,
    listOf(OPERATIONS),
  )
  .option('--faults <names>', `these kinds, or none: ${namesOf(FAULTS).join(', ')}`, listOf(FAULTS))
  .parse()
  .opts();

const torture = options.recorded ? await readRecord<TortureRecord>(RECORD) : await run();
const { result } = torture;
console.log(options.json ? JSON.stringify(result, undefined, 2) : formatResult(result));
if (result.anomalies.length + result.defects.length > 0) process.exitCode = 1;
const files = [await record(RECORD, torture), await reliabilityPage(torture)];
await writeOrCheck(files, options, 'npm run torture -- --recorded --write');

async function run(): Promise<TortureRecord> {
  const { load: _, ...machine } = describeMachine();
  const { byKind: _kinds, ...result } = await runTorture({
    seconds: options.seconds,
    seed: options.seed,
    processes: options.workers,
    loops: options.loops,
    maxConnections: options.connections,
    thinkMs: options.think,
    adapter: options.adapter,
    delivery: options.delivery,
    ...(options.operations === undefined ? {} : { operations: options.operations }),
    ...(options.faults === undefined ? {} : { faults: options.faults }),
    onProgress: (second) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${second} of ${options.seconds} s `);
      else if (second % 30 === 0) process.stderr.write(`${second} of ${options.seconds} s\n`);
    },
  });
  if (process.stderr.isTTY) process.stderr.write('\r');
  return { command: `npm run torture -- ${process.argv.slice(2).join(' ')}`, machine, result };
}

function namesOf(choices: readonly { readonly name: string }[]): readonly string[] {
  return choices.map(({ name }) => name);
}

/** Parses names that are separated by commas. */
function listOf(choices: readonly { readonly name: string }[]) {
  const known = namesOf(choices);
  return (text: string): string[] => {
    const names = text === 'none' ? [] : text.split(',').map((name) => name.trim());
    const unknown = names.find((name) => !known.includes(name));
    if (unknown !== undefined)
      throw new InvalidArgumentError(`There is no '${unknown}'; there is ${known.join(', ')}.`);
    return names;
  };
}
