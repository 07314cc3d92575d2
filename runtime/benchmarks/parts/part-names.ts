import type { PARTS } from './index.js';

/** All measurements, in the order in which they are made; `--only` takes their names. */
export const PART_NAMES = [
  'throughput',
  'profile',
  'roundTrips',
  'lockMany',
  'queries',
  'memory',
  'signals',
  'commits',
  'path',
  'heap',
  'import',
  'growth',
  'listeners',
] as const satisfies readonly (keyof typeof PARTS)[];

export type PartName = (typeof PART_NAMES)[number];
