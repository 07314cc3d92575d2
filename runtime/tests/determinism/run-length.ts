import type { Parameters } from 'fast-check';

/** How many programs a run of `npm test` executes; `npm run determinism -- --programs N` runs more. */
const DEFAULT_PROGRAMS = 2_000;

export const programs = Number(process.env['DETERMINISM_PROGRAMS'] ?? DEFAULT_PROGRAMS);

const seed = process.env['DETERMINISM_SEED'];

/** How fast-check runs a property; what it prints when one fails replays it. */
export const runParameters = {
  numRuns: programs,
  ...(seed === undefined ? {} : { seed: Number(seed) }),
  ...(process.env['DETERMINISM_PATH'] === undefined
    ? {}
    : { path: process.env['DETERMINISM_PATH'] }),
} satisfies Parameters<unknown>;

/** Each step of a comparison waits for Postgres: in `npm test` it is as many programs as this time allows. */
const COMPARISON_MS = 40_000;

export const comparisonParameters = {
  ...runParameters,
  ...(process.env['DETERMINISM_PROGRAMS'] === undefined
    ? { interruptAfterTimeLimit: COMPARISON_MS, markInterruptAsFailure: false }
    : {}),
} satisfies Parameters<unknown>;

/** How long a test may take, in milliseconds: 100 ms a program is far more than it needs. */
export const timeoutMs = 60_000 + programs * 100;
