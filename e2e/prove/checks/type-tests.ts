import type { Check } from '../check.js';
import { runVitest } from '../vitest-run.js';

export const typeTests: Check = {
  ring: 'types',
  claim: 'a write without the lock does not compile (5.9, 6.0, 7.0)',
  run: (context) => runVitest(context, ['type-tests/tests'], 'type tests'),
};
