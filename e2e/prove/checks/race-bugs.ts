import type { Check } from '../check.js';

export const raceBugs: Check = {
  ring: 'lint',
  claim: 'described race bugs are reported, their repairs are not',
  unit: 'tests over all pairs',
  files: { short: ['fixtures/races/tests/races'], all: ['fixtures/races/tests'] },
};
