import type ts from 'typescript';
import type { Model } from '../../../vocabulary/effect.js';
import type { WriteFact } from '../../flow/facts.js';
import type { Condition } from '../../flow/state.js';
import type { Tier } from '../tier.js';
import type { Claim } from '../claims.js';

/** A check whose answer may be wrong by the time the write happens. */
export interface StaleDecision {
  readonly kind: 'checked' | 'selected' | 'counted' | 'numbered' | 'consumed';
  readonly tier: Tier;
  readonly node: ts.Node;
  readonly write: WriteFact;
  readonly model: Model;
  /** The fields that were decided on. */
  readonly fields: readonly string[];
  /** Where the data was read. */
  readonly read: ts.Node;
  /** Where it was decided, for a finding that is told where the write is. */
  readonly check?: ts.Node;
  /** Set for data that was locked when it was read, by a transaction that has ended. */
  readonly wasLocked?: boolean;
}

/** What holds where a write happens. */
export interface Circumstances {
  readonly conditions: readonly Condition[];
  readonly claims: readonly Claim[];
  /** All writes of the file. */
  readonly writes: readonly WriteFact[];
  readonly program: ts.Program;
}

export type DecisionFinder = (
  write: WriteFact,
  circumstances: Circumstances,
) => readonly StaleDecision[];
