import type { Environment } from './environment.js';
import type { PARTS } from './parts/index.js';
import type { RoundTrip } from './delayed-server.js';

/** What every part measured, by its name. */
export type Parts = {
  readonly [Name in keyof typeof PARTS]: Awaited<ReturnType<(typeof PARTS)[Name]>>;
};

/** What is on record of a run; `parts` has only those that were asked for. */
export interface Results<Known = Parts> {
  readonly environment: Environment & { readonly seconds: number };
  readonly roundTrip: RoundTrip;
  readonly parts: Known;
}
