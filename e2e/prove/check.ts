/** The rings that hold the claim, in the order in which they are shown; `all` is for what concerns each of them. */
export const RINGS = ['types', 'lint', 'runtime', 'all', 'processes'] as const;

export type Ring = (typeof RINGS)[number];

/** One line of the proof. A module in `checks/` exports it as its default; nothing else is needed to add one. */
export interface Check {
  readonly ring: Ring;
  /** What holds when it succeeds. */
  readonly title: string;
  /** Checks it, in a process of its own; a throw is a failure. Heavy modules are imported here, not with the module. */
  run(context: CheckContext): Promise<CheckResult>;
}

export interface CheckContext {
  /** Tells how far it has come, in a few words. */
  progress(text: string): void;
}

export interface CheckResult {
  /** How many things were checked; 0 is a failure. */
  readonly count: number;
  /** What they are, in the plural. */
  readonly unit: string;
  /** What else is worth knowing, a line each. */
  readonly details?: readonly string[];
  /** What did not hold, with the reason. */
  readonly failures: readonly string[];
}
