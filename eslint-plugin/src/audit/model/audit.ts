import type { Finding, FindingKind } from './finding.js';
import type { LockOrder } from './lock-order.js';
import type { StateEntry } from './state-entry.js';
import type { Verdict, WriteSite } from './write-site.js';

/** What an audit leaves out or compares with, and what it looked at. */
export interface Summary {
  /** The answer in one line. */
  readonly answer: string;
  readonly folders: readonly string[];
  readonly files: number;
  readonly lines: number;
  readonly findings: Readonly<Record<FindingKind, number>>;
  readonly writes: Readonly<Record<Verdict, number>>;
  /** Whether every write is locked, atomic, guarded or an insert. */
  readonly isComplete: boolean;
  readonly comparison: Comparison | null;
}

/** How the findings relate to those of another state of the program; the audit's findings are the introduced ones. */
export interface Comparison {
  /** What was compared with: a revision, or a file. */
  readonly with: string;
  readonly introduced: number;
  readonly fixed: readonly Pick<Finding, 'fingerprint' | 'ruleId' | 'message'>[];
  readonly left: readonly Finding[];
}

/** Everything that an audit says, as plain data: the formats are functions of it. */
export interface Audit {
  readonly findings: readonly Finding[];
  readonly writes: readonly WriteSite[];
  readonly state: readonly StateEntry[];
  readonly lockOrder: LockOrder;
  readonly summary: Summary;
}
