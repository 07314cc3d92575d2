import type { Check } from '../check.js';
import { runVitest } from '../vitest-run.js';

export const conformance: Check = {
  ring: 'runtime',
  claim: 'the same cases hold on memory and on Postgres',
  run: (context) => runVitest(context, ['runtime/tests/conformance'], 'cases'),
};
