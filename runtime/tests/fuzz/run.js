// @ts-check
// The long form of the fuzzers: node runtime/tests/fuzz/run.js --inputs 1000000 [--seed S] [--only NAME]
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    only: { type: 'string' },
  },
});

for (const name of /** @type {const} */ (['inputs', 'seed'])) {
  if (!/^[1-9]\d*$/.test(values[name])) {
    console.error(`--${name} must be a whole number of at least 1, not ${values[name]}`);
    process.exit(2);
  }
}

process.env['FUZZ_INPUTS'] = values.inputs;
process.env['FUZZ_SEED'] = values.seed;
process.env['FUZZ_PROGRESS'] = 'true';
console.log(`${Number(values.inputs).toLocaleString('en')} inputs, seed ${values.seed}`);

const root = fileURLToPath(new URL('../../..', import.meta.url));
const vitest = await startVitest('test', ['runtime/tests/fuzz'], {
  root,
  watch: false,
  disableConsoleIntercept: true,
  ...(values.only === undefined ? {} : { testNamePattern: values.only }),
});
await vitest.close();
