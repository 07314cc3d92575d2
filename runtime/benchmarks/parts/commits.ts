import type { MeasureContext } from '../measure-context.js';
import { measureThroughput, ROWS } from './throughput.js';

/** With and without a signal in each transaction; the first is what the others are compared with. */
export const COMMIT_VARIANTS = [
  'transaction',
  'signals-after-commit',
  'signals-in-transaction',
  'hand-written-notify',
] as const;

/** Commits a second of 50 clients, with and without signals. */
export function measureCommits(context: MeasureContext) {
  return measureThroughput(context, {
    conditions: [{ name: 'c50', title: '50', clients: 50, rows: ROWS, isDelayed: false }],
    variants: COMMIT_VARIANTS,
  });
}
