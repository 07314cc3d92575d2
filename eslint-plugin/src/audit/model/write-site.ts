/** How a write behaves beside the same and other writes of a second process. */
export const VERDICTS = ['locked', 'atomic', 'guarded', 'insert', 'stale', 'unknown'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** A place that writes rows, and what can be said of it. */
export interface WriteSite {
  readonly uri: string;
  readonly startLine: number;
  /** The model or table; `null` where the source does not say which. */
  readonly model: string | null;
  readonly library: string;
  readonly operation: 'update' | 'delete' | 'insert' | 'mutate';
  readonly verdict: Verdict;
  /** Why, in a sentence. */
  readonly because: string;
  /** The function around it; `null` at the top of a module. */
  readonly functionName: string | null;
}
