import type { Check } from '../check.js';
import { runTests } from '../vitest/run-tests.js';

export default {
  ring: 'runtime',
  title: 'the memory store keeps the contract',
  run: (context) => runTests(['runtime/tests/conformance/memory.test.ts'], context),
} satisfies Check;
