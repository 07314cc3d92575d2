import type { CheckResult } from '../check.js';

/** What the process of a check tells the one that started it. */
export type CheckMessage =
  | { readonly type: 'progress'; readonly text: string }
  | { readonly type: 'result'; readonly result: CheckResult };
