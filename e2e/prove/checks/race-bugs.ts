import type { Check } from '../check.js';
import { runVitest } from '../vitest-run.js';

export const raceBugs: Check = {
  ring: 'lint',
  claim: 'described race bugs are reported, their repairs are not',
  run: (context) => runVitest(context, ['fixtures/races/tests'], 'tests over all pairs'),
};
