import type ts from 'typescript';
import type { UniqueKey } from '../../schema/table-schema.js';
import type { Comparison, Outcome } from '../../vocabulary/effect.js';
import type { ConditionList, HeldLock, LockedName, LoopScope, TransactionScope } from './state.js';
import type { Entity, Read, Site, Value } from './value.js';

/** What the row that is written has to be like, beside being that row: the write does nothing otherwise. */
export interface Guard {
  readonly field: string;
  readonly comparison: Comparison;
  readonly value: Value;
}

/** A write, with everything that it depends on. */
export interface WriteFact {
  readonly operation: 'update' | 'delete' | 'mutate' | 'insert';
  /** Counts the writes of a file in the order in which the analysis came to them. */
  readonly sequence: number;
  readonly site: Site;
  /** The entity that is written; `null` for an insert. */
  readonly target: Entity | null;
  readonly patch: Value | null;
  readonly patchNode: ts.Node | null;
  /** Fields that the database computes from what they are by then, such as an increment. */
  readonly atomic: readonly string[];
  readonly guards: readonly Guard[];
  readonly outcome: Outcome;
  /** Whether somebody handles the error of a key that is taken. */
  readonly isConflictHandled: boolean;
  /** Set for an insert that says itself what happens when a key is taken. */
  readonly settlesConflict?: boolean;
  /** The keys of the table; `null` when nothing says which there are. */
  readonly keys?: readonly UniqueKey[] | null;
  readonly conditions: ConditionList | null;
  readonly held: readonly HeldLock[];
  readonly lockedNames: readonly LockedName[];
  readonly scope: TransactionScope;
}

/** A lock that is taken. */
export interface LockFact {
  readonly lock: HeldLock;
  readonly heldBefore: readonly HeldLock[];
  readonly loops: readonly LoopScope[];
  /** The data from which the identity was computed. */
  readonly derivedFrom: readonly Read[];
  /** It is taken in an order that was found by comparing identities. */
  readonly isOrdered: boolean;
}

/** Several locks that one expression waits for at once. */
export interface ConcurrentLocksFact {
  readonly site: Site;
  readonly locks: readonly HeldLock[];
}

/** A wait for something that is not the runtime's while a lock is held. */
export interface SlowWaitFact {
  /** What is waited for. */
  readonly work: ts.Node;
  readonly workPath: readonly ts.Node[];
  readonly site: Site;
  readonly held: readonly HeldLock[];
  readonly kind: 'awaited' | 'synchronous' | 'signals';
}

/** What the analysis found in the functions of one file. */
export interface FlowFacts {
  readonly writes: WriteFact[];
  readonly locks: LockFact[];
  readonly concurrentLocks: ConcurrentLocksFact[];
  readonly slowWaits: SlowWaitFact[];
}

export function createFlowFacts(): FlowFacts {
  return { writes: [], locks: [], concurrentLocks: [], slowWaits: [] };
}

/**
 * Where a finding is reported, seen from where the analysis began: the node itself, or the call that led to it.
 * `null` when everything that it depends on is inside one callee, which finds it by itself.
 */
export function getReportNode(site: Site, causes: readonly Site[]): ts.Node | null {
  const [call] = site.path;
  if (call === undefined) return site.node;
  return causes.some((cause) => cause.path[0] !== call) ? call : null;
}
