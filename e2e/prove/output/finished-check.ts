import type { Check, CheckResult } from '../check.js';

/** A check with its result. */
export interface FinishedCheck {
  readonly check: Check;
  readonly result: CheckResult;
  readonly seconds: number;
}
