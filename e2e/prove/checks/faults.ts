import type { Check } from '../check.js';

const FOLDER = 'runtime/tests/postgres';

export const faults: Check = {
  ring: 'runtime',
  claim: 'no write outside its lock when connections die',
  unit: 'cases',
  files: {
    short: ['fence', 'commit-outcomes', 'connection-loss', 'write-outside'].map(
      (name) => `${FOLDER}/${name}`,
    ),
    all: [FOLDER],
  },
};
