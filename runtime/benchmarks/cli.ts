import {
  Option,
  command,
  readRecord,
  record,
  wholeNumber,
  writeOrCheck,
  writingMeasurements,
} from '@justscale/fixtures/commands';
import type { Results } from './results.js';
import { PART_NAMES } from './parts/part-names.js';

const RECORD = 'runtime/benchmarks/results.json';

const [write, check, recorded] = writingMeasurements(
  'docs/performance.md, its plots and their record',
);
const options = command({
  name: 'bench',
  does: 'Measures the runtime beside what a user would take instead, and takes apart where the time goes. The first time it installs what is compared.',
  takes: 'a quarter of an hour; four minutes with --only throughput --rounds 1',
  failsWhen:
    'a row has not the value that its acknowledged updates make, or the page is out of date',
})
  .addOption(write)
  .addOption(check)
  .addOption(recorded)
  .option('--rounds <n>', 'rounds of every measurement', wholeNumber, 3)
  .addOption(
    new Option('--only <parts...>', 'these parts; not with --write')
      .choices(PART_NAMES)
      .conflicts('write'),
  )
  .parse()
  .opts();

const results = options.recorded ? await readRecord<Results>(RECORD) : await measure();
console.log(JSON.stringify(options.only ? results.parts : results, undefined, 2));
if (options.write || options.check) {
  const { performanceFiles } = await import('./page/performance-files.js');
  const files = [await record(RECORD, results), ...(await performanceFiles(results))];
  await writeOrCheck(files, options, 'npm run bench -- --recorded --write');
}

async function measure(): Promise<Results> {
  const { installPeers } = await import('./install.js');
  installPeers();
  const { measureAll } = await import('./measure-all.js');
  // With --only some parts are missing, and nothing is written.
  return (await measureAll(options.only ?? PART_NAMES, options.rounds)) as Results;
}
