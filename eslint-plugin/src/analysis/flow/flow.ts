import type ts from 'typescript';
import type { FunctionWithBody } from '../../program/callee.js';
import type { ProgramContext } from '../../program/program-context.js';
import type { Environment } from './environment.js';
import type { FlowFacts } from './facts.js';
import type { Identity } from './identity.js';
import type { ConditionList, Exit, FlowState, Frame, HeldLock, LockedName } from './state.js';
import type { Entity, Equation, Read, Site, Value } from './value.js';

/** What a condition says when it is true and when it is false. */
export interface Test {
  readonly node: ts.Node;
  readonly reads: readonly Read[];
  /** Locks that were not taken, as what `lock` returned is `null`. */
  readonly absentWhenTrue: readonly HeldLock[];
  readonly absentWhenFalse: readonly HeldLock[];
  readonly isOrdering: boolean;
  /** What is equal when it is true. */
  readonly equates?: readonly Equation[];
}

/** What one branch did. */
export interface Branch {
  readonly assigned: ReadonlyMap<ts.Symbol | string, Value>;
  readonly held: readonly HeldLock[];
  readonly lockedNames: readonly LockedName[];
  readonly exit: Exit | null;
  readonly conditions: ConditionList | null;
}

export interface CallOptions {
  readonly call: ts.Node;
  readonly args: readonly Value[];
  readonly thisValue?: Value | null;
  readonly kind?: Frame['kind'];
}

/** The run of the analysis through one function and what it calls, as its parts see it. */
export interface Flow extends FlowState {
  readonly context: ProgramContext;
  readonly facts: FlowFacts;
  readonly environment: Environment;
  /** The function where it began; a function inside it shares its variables and is reported as its part. */
  readonly root: ts.Node;

  /** Changes what holds from here on. */
  set(changes: Partial<FlowState>): void;
  /** Runs something while other things hold; then those are again what they were, and all else is what became of it. */
  within<T>(changes: Partial<FlowState>, run: () => T): T;

  evaluate(node: ts.Expression): Value;
  /** A value that says where it was made, so that a type there can say what it is. */
  typed(value: Value, node: ts.Node): Value;
  run(statement: ts.Statement): void;
  test(node: ts.Expression): Test;
  /** Runs one branch and forgets it, but for what is returned. */
  fork(run: () => void): Branch;
  assume(test: Test, isTrue: boolean): void;
  join(test: Test, whenTrue: Branch, whenFalse: Branch): void;
  /** From here on, nothing runs when what was read here is not as it should be. */
  guard(node: ts.Node, reads: readonly Read[]): void;
  bind(name: ts.BindingName, value: Value): void;
  assign(target: ts.Expression, value: Value): void;
  /** Calls a function of the program, as its caller at `call`. */
  call(callee: FunctionWithBody, options: CallOptions): Value;
  /** Runs a callback that is called later, when no lock of here is held any more. */
  callLater(value: Value, args: readonly Value[]): void;
  /** Runs all functions that a value can be. */
  callValue(value: Value, options: CallOptions): Value | null;
  /** Goes on where a branch ended. */
  resume(branch: Branch): void;
  /** Notes a function that may be called later; whatever nobody called is run at the end. */
  remember(node: ts.SignatureDeclaration): void;
  /** A name for what an expression makes anew. */
  fresh(node: ts.Node): Identity;
  /** A value whose data is copied, printed or handed to code that the program does not have. */
  copyOf(value: Value): Value;
  site(node: ts.Node): Site;
  /** The entity that a value is: one that was read or locked here, or what the type says where the value was made. */
  entityOf(value: Value): Entity | null;
}
