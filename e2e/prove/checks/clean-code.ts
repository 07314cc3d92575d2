import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Check } from '../check.js';
import type { LintedCode } from './linted-code.js';

export const cleanCode: Check = {
  ring: 'lint',
  claim: 'correct code is left alone: the chat app',
  async run({ root, progress }) {
    progress('with types');
    // In a thread of its own: linting with types keeps one busy for seconds, and the others are to be seen going on.
    const worker = new Worker(new URL('./linted-code.js', import.meta.url), { workerData: root });
    const [{ count, failures }] = (await once(worker, 'message')) as [LintedCode];
    return { count, unit: 'files', failures, figures: [] };
  },
};
