/** The ring that a check belongs to; `processes` is all of them together, on two processes. */
export type Ring = 'types' | 'lint' | 'runtime' | 'processes';

/** What a check found. */
export interface CheckResult {
  /** How many things were checked. */
  readonly count: number;
  /** What they are, such as `refusals`. */
  readonly unit: string;
  /** Why it fell; empty when it holds. */
  readonly failures: readonly string[];
  /** A figure worth showing, such as a time that a test measured. */
  readonly note?: string;
}

/** One line of the proof. Adding one is adding a file to `checks/`. */
export interface Check {
  readonly ring: Ring;
  /** What is claimed, such as `no write without a Locked`. */
  readonly claim: string;
  run(context: CheckContext): Promise<CheckResult>;
}

export interface CheckContext {
  /** The folder of the repository. */
  readonly root: string;
  /** Aborted by Ctrl-C: whatever a check has started must end. */
  readonly signal: AbortSignal;
  /** Tells how far the check is, in a few words. */
  progress(text: string): void;
}
