import type ts from 'typescript';
import { Environment } from './environment.js';
import type { Branch, Test } from './flow.js';
import {
  conditionsUntil,
  unionLocks,
  type Condition,
  type Exit,
  type FlowState,
  type HeldLock,
  type TransactionScope,
} from './state.js';
import type { Read } from './value.js';

/** What holds at each point of a run, and what becomes of it where ways part and meet. */
export abstract class ControlFlow implements FlowState {
  readonly environment = new Environment();
  #state: FlowState;

  constructor(scope: TransactionScope) {
    this.#state = {
      held: [],
      lockedNames: [],
      conditions: null,
      scope,
      loops: [],
      path: [],
      frames: [],
      exit: null,
    };
  }

  get held() {
    return this.#state.held;
  }

  get lockedNames() {
    return this.#state.lockedNames;
  }

  get conditions() {
    return this.#state.conditions;
  }

  get scope() {
    return this.#state.scope;
  }

  get loops() {
    return this.#state.loops;
  }

  get path() {
    return this.#state.path;
  }

  get frames() {
    return this.#state.frames;
  }

  get exit() {
    return this.#state.exit;
  }

  set(changes: Partial<FlowState>): void {
    this.#state = { ...this.#state, ...changes };
  }

  within<T>(changes: Partial<FlowState>, run: () => T): T {
    const before = this.#state;
    this.set(changes);
    const result = run();
    const names = Object.keys(changes) as (keyof FlowState)[];
    this.set(Object.fromEntries(names.map((name) => [name, before[name]])));
    return result;
  }

  fork(run: () => void): Branch {
    const { held, lockedNames, conditions, exit } = this;
    this.environment.push();
    return this.within({ held, lockedNames, conditions, exit }, () => {
      run();
      return {
        assigned: this.environment.pop(),
        held: this.held,
        lockedNames: this.lockedNames,
        exit: this.exit,
        conditions: this.conditions,
      };
    });
  }

  assume(test: Test, isTrue: boolean): void {
    const absent = isTrue ? test.absentWhenTrue : test.absentWhenFalse;
    if (absent.length > 0) this.release((lock) => absent.includes(lock));
    if (test.reads.length > 0 || test.isOrdering) this.push(this.#condition(test, 'branch'));
  }

  join(test: Test, whenTrue: Branch, whenFalse: Branch): void {
    this.#keepGuards(whenTrue);
    this.#keepGuards(whenFalse);
    if (whenTrue.exit && whenFalse.exit) {
      this.set({
        held: unionLocks(whenTrue.held, whenFalse.held),
        exit: whenTrue.exit === 'throw' ? whenFalse.exit : whenTrue.exit,
      });
    } else if (whenTrue.exit) {
      this.#goOn(test, whenFalse, whenTrue.exit);
    } else if (whenFalse.exit) {
      this.#goOn(test, whenTrue, whenFalse.exit);
    } else {
      this.set({ held: unionLocks(whenTrue.held, whenFalse.held) });
      this.environment.merge(whenTrue.assigned, whenFalse.assigned, test.reads);
      if (test.isOrdering) this.#markOrdered(whenTrue, whenFalse);
    }
  }

  /** Two variables were put in order by comparing what they name. */
  #markOrdered(...branches: readonly Branch[]): void {
    for (const branch of branches) {
      for (const slot of branch.assigned.keys()) {
        const value = this.environment.get(slot);
        if (value) this.environment.set(slot, { ...value, isOrdered: true });
      }
    }
  }

  #goOn(test: Test, branch: Branch, otherExit: Exit): void {
    this.set({ held: branch.held, lockedNames: branch.lockedNames });
    this.environment.adopt(branch.assigned);
    if (test.reads.length > 0) this.push(this.#condition(test, otherExit));
  }

  /** What a branch made sure of by leaving early holds after it as well. */
  #keepGuards(branch: Branch): void {
    for (const condition of conditionsUntil(branch.conditions, this.conditions)) {
      if (condition.kind !== 'branch' && !branch.exit) this.push(condition);
    }
  }

  protected push(condition: Condition): void {
    this.set({ conditions: { condition, outer: this.conditions } });
  }

  protected release(isReleased: (lock: HeldLock) => boolean): void {
    this.set({ held: this.held.filter((lock) => !isReleased(lock)) });
  }

  #condition(test: Test, kind: Condition['kind']): Condition {
    return {
      kind,
      node: test.node,
      path: this.path,
      reads: test.reads,
      isOrdering: test.isOrdering,
    };
  }

  guard(node: ts.Node, reads: readonly Read[]): void {
    if (reads.length === 0) return;
    const kind = 'throw';
    this.push({ kind, node, path: this.path, reads, isOrdering: false });
  }

  resume(branch: Branch): void {
    const { held, lockedNames, conditions, exit } = branch;
    this.environment.adopt(branch.assigned);
    this.set({ held, lockedNames, conditions, exit });
  }
}
