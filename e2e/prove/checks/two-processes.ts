import type { Check } from '../check.js';
import { runVitest } from '../vitest-run.js';

export const twoProcesses: Check = {
  ring: 'processes',
  claim: 'two processes share one Postgres and nothing else',
  run: (context) => runVitest(context, ['e2e/tests/two-processes'], 'tests'),
};
