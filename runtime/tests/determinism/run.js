// @ts-check
// The long form of the determinism tests: node runtime/tests/determinism/run.js --programs 100000 [--compared N] [--seed S] [--path P]
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

const { values } = parseArgs({
  options: {
    programs: { type: 'string', default: '100000' },
    compared: { type: 'string' },
    seed: { type: 'string' },
    path: { type: 'string' },
  },
});

const environment = {
  DETERMINISM_PROGRAMS: values.programs,
  DETERMINISM_COMPARED: values.compared ?? values.programs,
  DETERMINISM_SEED: values.seed,
  DETERMINISM_PATH: values.path,
};
for (const [name, value] of Object.entries(environment)) {
  if (value !== undefined) process.env[name] = value;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const vitest = await startVitest('test', ['runtime/tests/determinism'], { root, watch: false });
await vitest.close();
