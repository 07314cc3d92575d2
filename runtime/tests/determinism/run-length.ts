import { interruptAfterTimeLimit, type Parameters } from 'fast-check';

/** How many programs a run of `npm test` explores; `npm run determinism -- --programs N` runs more. */
const DEFAULT_PROGRAMS = 1_000;
/** Each step of a comparison waits for Postgres: `npm test` compares as many programs as this time allows, and goes on if need be. */
const DEFAULT_COMPARISON_MS = 10_000;

const { DETERMINISM_PROGRAMS, DETERMINISM_COMPARED, DETERMINISM_SEED, DETERMINISM_PATH } =
  process.env;
const programs = Number(DETERMINISM_PROGRAMS ?? DEFAULT_PROGRAMS);
const compared = Number(DETERMINISM_COMPARED ?? DEFAULT_PROGRAMS);

const common: Pick<Parameters<unknown>, 'seed' | 'path'> = {
  ...(DETERMINISM_SEED === undefined ? {} : { seed: Number(DETERMINISM_SEED) }),
  ...(DETERMINISM_PATH === undefined ? {} : { path: DETERMINISM_PATH }),
};

/** How long a test may take, in milliseconds: 100 ms a program is far more than it needs. */
export const interleavingTimeoutMs = 90_000 + programs * 100;
export const comparisonTimeoutMs = 90_000 + compared * 200;

/** How fast-check explores interleavings; what it prints when one fails replays it. */
export const interleavingParameters = {
  ...common,
  numRuns: programs,
  plugins: [interruptAfterTimeLimit(interleavingTimeoutMs - 30_000, { failOnInterrupt: true })],
} satisfies Parameters<unknown>;

/** How often a comparison that is limited in time may go on: a busy machine comes across less in the same time. */
export const mostComparisons =
  DETERMINISM_COMPARED === undefined && DETERMINISM_SEED === undefined ? 8 : 1;

/** How it compares the stores. The step that differs is named, so a failure is not made smaller: each try waits seconds. */
export const comparisonParameters = {
  ...common,
  numRuns: compared,
  endOnFailure: true,
  plugins:
    DETERMINISM_COMPARED === undefined ? [interruptAfterTimeLimit(DEFAULT_COMPARISON_MS)] : [],
} satisfies Parameters<unknown>;
