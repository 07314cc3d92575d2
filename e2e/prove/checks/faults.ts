import type { Check } from '../check.js';
import { runVitest } from '../vitest-run.js';

export const faults: Check = {
  ring: 'runtime',
  claim: 'no write outside its lock when connections die',
  run: (context) => runVitest(context, ['runtime/tests/postgres'], 'cases'),
};
