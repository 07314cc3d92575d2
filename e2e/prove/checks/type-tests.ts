import type { Check } from '../check.js';

export const typeTests: Check = {
  ring: 'types',
  claim: 'a write without the lock does not compile (5.9, 6.0, 7.0)',
  unit: 'type tests',
  files: { short: ['type-tests/tests/refusals'], all: ['type-tests/tests'] },
};
