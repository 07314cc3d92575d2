import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { readOptions, refuseOption } from '@justscale/fixtures/commands';
import { createDatabase, startPostgres } from '@justscale/fixtures/postgres';
import { BenchmarkDatabase } from './database.js';
import { DelayedServer } from './delayed-server.js';
import { describeEnvironment } from './environment.js';
import { writePage } from './page/write-page.js';
import { PARTS } from './parts/index.js';

const HELP = `
npm run bench -- [options]    Measures everything, and writes docs/performance.md with its plots.

  --rounds N     rounds of every measurement; 5 without it
  --only PART    one part, may be repeated; prints its results and writes nothing:
                 ${Object.keys(PARTS).join(', ')}
  --page-only    writes the page again from the results of the last whole run
  --help         prints this
`;

const options = readOptions(HELP, {
  rounds: { type: 'string', default: '5' },
  only: { type: 'string', multiple: true, default: Object.keys(PARTS) },
  'page-only': { type: 'boolean', default: false },
});
const rounds = Number(options.rounds);
for (const name of options.only) {
  if (!Object.hasOwn(PARTS, name))
    refuseOption(`--only ${name}: there is ${Object.keys(PARTS).join(', ')}.`);
}
if (!Number.isInteger(rounds) || rounds < 1)
  refuseOption(`--rounds ${options.rounds}: must be a whole number of at least 1.`);

/** The results of the last whole run. */
const folder = new URL('.tmp/', import.meta.url);
const file = new URL('results.json', folder);
const isWhole = options.only.length === Object.keys(PARTS).length;

const results = options['page-only'] ? JSON.parse(await readFile(file, 'utf8')) : await measure();
if (isWhole) {
  await writePage(results);
  console.log('docs/performance.md is written.');
} else {
  console.log(JSON.stringify(results.parts, undefined, 2));
}

async function measure() {
  const start = performance.now();
  const seconds = () => Math.round((performance.now() - start) / 1_000);
  const server = await startPostgres();
  const { url, drop } = await createDatabase(server);
  const database = new BenchmarkDatabase(url);
  let delayed;
  try {
    await database.createTable();
    delayed = await DelayedServer.start(url);
    const environment = await describeEnvironment(database, rounds);
    const parts = {};
    for (const name of options.only) {
      const progress = (text) =>
        console.error(`${String(seconds()).padStart(4)} s  ${name}: ${text}`);
      progress('begins');
      parts[name] = await PARTS[name]({ database, delayed, rounds, progress });
    }
    const measured = {
      environment: { ...environment, seconds: seconds() },
      roundTrip: delayed.roundTrip,
      parts,
    };
    if (isWhole) {
      await mkdir(folder, { recursive: true });
      await writeFile(file, `${JSON.stringify(measured, undefined, 1)}\n`);
    }
    return measured;
  } finally {
    await delayed?.end();
    await database.close();
    await drop();
    await server.stop();
  }
}
