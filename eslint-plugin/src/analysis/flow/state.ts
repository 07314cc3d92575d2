import type ts from 'typescript';
import type { HeldLock, LockedName, TransactionScope } from './held-lock.js';
import type { Pending, Read, Value } from './value.js';

export type { HeldLock, LockedName, TransactionScope };

/** What the code that runs here depends on. */
export interface Condition {
  readonly kind: 'branch' | 'throw' | 'return' | 'loop';
  readonly node: ts.Node;
  readonly path: readonly ts.Node[];
  readonly reads: readonly Read[];
  /** It compares two identities to find the order in which to lock them. */
  readonly isOrdering: boolean;
}

/** The conditions that hold here, the innermost first. */
export interface ConditionList {
  readonly condition: Condition;
  readonly outer: ConditionList | null;
}

export interface LoopScope {
  readonly node: ts.Node;
  readonly path: readonly ts.Node[];
  readonly scope: TransactionScope;
  /** The callbacks are all started before any of them goes on. */
  readonly isConcurrent: boolean;
}

/** One run of a function. */
export interface Frame {
  readonly node: ts.Node;
  /** What called it. */
  readonly call: ts.Node;
  /** `awaited`: whoever called it surely waits for it; `called`: that depends on what happens to its promise. */
  readonly kind: 'awaited' | 'called';
  readonly thisValue: Value | null;
  readonly conditions: ConditionList | null;
  readonly returned: Value[];
  readonly pending: Pending[];
  readonly heldAtReturn: HeldLock[];
}

/** How the code that runs here ends before its end. */
export type Exit = 'throw' | 'return' | 'loop';

/** What holds at one point of a run. */
export interface FlowState {
  readonly held: readonly HeldLock[];
  /** Names that are locked, in the database or elsewhere: whoever locks the same name waits. */
  readonly lockedNames: readonly LockedName[];
  readonly conditions: ConditionList | null;
  readonly scope: TransactionScope;
  readonly loops: readonly LoopScope[];
  /** The calls that led here from the root. */
  readonly path: readonly ts.Node[];
  readonly frames: readonly Frame[];
  /** Set when nothing after this runs. */
  readonly exit: Exit | null;
}

/** What was decided longer ago in one function is not looked at: that way nothing grows faster than the file. */
const MOST_CONDITIONS = 100;

export function conditionsUntil(
  from: ConditionList | null,
  until: ConditionList | null,
): Condition[] {
  const result: Condition[] = [];
  for (let list = from; list !== null && list !== until; list = list.outer) {
    if (result.length >= MOST_CONDITIONS) break;
    result.push(list.condition);
  }
  return result;
}

/** The conditions of a round that still hold when its loop has ended: what skipped the round is over with it. */
export function withoutSkips(
  from: ConditionList | null,
  until: ConditionList | null,
): ConditionList | null {
  let result = until;
  for (const condition of conditionsUntil(from, until).reverse()) {
    if (condition.kind !== 'loop') result = { condition, outer: result };
  }
  return result;
}

/** Nobody takes more locks in one transaction, one by one; what comes after is held, but not known to be. */
export const MOST_LOCKS = 100;

export function unionLocks(a: readonly HeldLock[], b: readonly HeldLock[]): readonly HeldLock[] {
  if (a === b || b.length === 0) return a;
  if (a.length === 0) return b;
  return [...new Set([...a, ...b])];
}
