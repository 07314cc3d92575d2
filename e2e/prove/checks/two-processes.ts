import type { Check } from '../check.js';
import { runTests } from '../vitest/run-tests.js';

const FILES = [
  'two-processes',
  'sequence-numbers',
  'killed-holder',
  'lost-bus',
  'one-process-on-memory',
];

export default {
  ring: 'processes',
  title: 'two processes, one Postgres, nothing else between them',
  run: (context) =>
    runTests(
      FILES.map((name) => `e2e/tests/${name}.test.ts`),
      context,
      // One at a time: they measure.
      ['--no-file-parallelism'],
    ),
} satisfies Check;
