import type { Check } from '../check.js';

export const conformance: Check = {
  ring: 'runtime',
  claim: 'the same cases hold on memory and on Postgres',
  unit: 'cases',
  files: {
    short: ['runtime/tests/conformance/memory', 'runtime/tests/conformance/postgres.'],
    all: ['runtime/tests/conformance'],
  },
};
