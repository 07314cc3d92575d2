import type { Check } from '../check.js';
import { runTests } from '../vitest/run-tests.js';

export default {
  ring: 'runtime',
  title: 'the Postgres store keeps the same contract',
  run: (context) => runTests(['runtime/tests/conformance/postgres.test.ts'], context),
} satisfies Check;
