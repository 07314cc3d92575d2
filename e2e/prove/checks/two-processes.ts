import type { Check } from '../check.js';

const FOLDER = 'e2e/tests/two-processes';

export const twoProcesses: Check = {
  ring: 'processes',
  claim: 'two processes share one Postgres and nothing else',
  unit: 'tests',
  files: {
    short: ['talk', 'killed-holder', 'one-process'].map((name) => `${FOLDER}/${name}`),
    all: [FOLDER],
  },
};
