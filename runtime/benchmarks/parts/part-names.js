/** All measurements, in the order in which they are made; `--only` takes their names. */
export const PART_NAMES = [
  'throughput',
  'profile',
  'roundTrips',
  'lockMany',
  'memory',
  'signals',
  'commits',
  'path',
  'heap',
  'import',
  'growth',
];
