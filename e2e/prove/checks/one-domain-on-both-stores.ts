import type { Check } from '../check.js';
import { runTests } from '../vitest/run-tests.js';

export default {
  ring: 'runtime',
  title: 'one chat domain, unchanged on memory and on Postgres',
  run: (context) => runTests(['fixtures/chat-app/tests/domain.test.ts'], context),
} satisfies Check;
