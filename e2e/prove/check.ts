/** The ring that a check belongs to; `processes` is all of them together, on two processes. */
export type Ring = 'types' | 'lint' | 'runtime' | 'processes';

/** Something that was measured. */
export interface Figure {
  readonly text: string;
  /** Whether it is not what it is meant to be. */
  readonly isMissed: boolean;
}

/** What a check found. */
export interface CheckResult {
  /** How many things were checked. */
  readonly count: number;
  /** What they are, such as `refusals`. */
  readonly unit: string;
  /** Why it fell; empty when it holds. */
  readonly failures: readonly string[];
  /** What is worth showing of how it went. */
  readonly figures: readonly Figure[];
}

interface Claim {
  readonly ring: Ring;
  /** What is claimed, such as `no write without a Locked`. */
  readonly claim: string;
}

/** A claim that test files hold. All of a run share one vitest and one server. */
export interface TestedClaim extends Claim {
  /** What the tests are, such as `cases`. */
  readonly unit: string;
  /** The files, as parts of their paths: those that hold the claim in short, and all. */
  readonly files: { readonly short: readonly string[]; readonly all: readonly string[] };
}

/** A claim with a program of its own. */
export interface RunClaim extends Claim {
  run(context: CheckContext): Promise<CheckResult>;
}

/** One line of the proof. Adding one is adding a file to `checks/`. */
export type Check = TestedClaim | RunClaim;

export interface CheckContext {
  /** The folder of the repository. */
  readonly root: string;
  /** Aborted by Ctrl-C: whatever a check has started must end. */
  readonly signal: AbortSignal;
  /** Whether to check all there is, not what holds the claim in short. */
  readonly isThorough: boolean;
  /** Tells how far the check is, in a few words. */
  progress(text: string): void;
}

/** A check with its result. */
export interface FinishedCheck {
  readonly check: Check;
  readonly result: CheckResult;
  readonly seconds: number;
}

/** Whether it holds, holds although a figure misses its target, or falls. */
export function verdictOf({ result }: FinishedCheck): 'holds' | 'misses' | 'falls' {
  if (result.failures.length > 0) return 'falls';
  return result.figures.some(({ isMissed }) => isMissed) ? 'misses' : 'holds';
}
