import type ts from 'typescript';
import type { FunctionWithBody } from '../../program/callee.js';
import { hasBody } from '../../program/callee.js';
import { getEntityType } from '../../vocabulary/entity-type.js';
import { takesLock } from '../../vocabulary/lock-parameters.js';
import type { ProgramContext } from '../../program/program-context.js';
import { assignTo, bindName } from './assignments.js';
import { testCondition } from './conditions.js';
import { Environment } from './environment.js';
import { evaluateExpression } from './expressions.js';
import type { FlowFacts } from './facts.js';
import type { Branch, CallOptions, Flow, Test } from './flow.js';
import type { Identity } from './identity.js';
import { bindParameters } from './parameters.js';
import { reportPending } from './pending.js';
import { copyOf } from './properties.js';
import { isPartOf, isRootFunction } from './root-functions.js';
import { readsOfReturn, runStatement, runStatements } from './statements.js';
import {
  conditionsUntil,
  unionLocks,
  type Condition,
  type ConditionList,
  type Exit,
  type Frame,
  type HeldLock,
  type LoopScope,
  type TransactionScope,
} from './state.js';
import {
  joinValues,
  UNKNOWN,
  withChoices,
  type Entity,
  type Pending,
  type Read,
  type Site,
  type Value,
} from './value.js';

/** How many calls deep a value is followed. */
const DEEPEST_CALL = 6;
/** How many expressions one function may cost, with all that it calls; what comes after is unknown. */
const MOST_STEPS = 60_000;
/** How many expressions may be in each other; nobody reads deeper ones. */
const DEEPEST_EXPRESSION = 400;

/** Runs a function symbolically, once through each branch, and notes what the lock rules ask about. */
export class Interpreter implements Flow {
  readonly environment = new Environment();
  held: readonly HeldLock[] = [];
  conditions: ConditionList | null = null;
  scope: TransactionScope;
  loops: readonly LoopScope[] = [];
  path: readonly ts.Node[] = [];
  frames: readonly Frame[] = [];
  exit: Exit | null = null;
  readonly #remembered = new Map<ts.SignatureDeclaration, ConditionList | null>();
  readonly #ran = new Set<ts.Node>();
  #steps = 0;
  #depth = 0;

  constructor(
    readonly context: ProgramContext,
    readonly facts: FlowFacts,
    readonly root: ts.Node,
  ) {
    this.scope = { node: root, path: [], isAmbient: true };
  }

  /** Runs the root, and then every function in it that nothing called. */
  runRoot(): void {
    const { root } = this;
    if (hasBody(this.context, root)) this.call(root, { call: root, args: [], kind: 'awaited' });
    else if (this.context.ts.isSourceFile(root)) this.#runFile(root);
    for (const [node, conditions] of this.#remembered) {
      if (this.#ran.has(node) || !hasBody(this.context, node)) continue;
      if (!isPartOf(this.context, node, this.root) || isRootFunction(this.context, node)) continue;
      this.conditions = conditions;
      this.#callLater(node, []);
    }
  }

  #runFile(file: ts.SourceFile): void {
    for (const statement of file.statements) {
      this.run(statement);
      this.exit = null;
    }
  }

  evaluate(node: ts.Expression): Value {
    this.#steps += 1;
    if (this.#steps > MOST_STEPS || this.#depth > DEEPEST_EXPRESSION) return UNKNOWN;
    this.#depth += 1;
    const value = evaluateExpression(this, node);
    this.#depth -= 1;
    return value;
  }

  run(statement: ts.Statement): void {
    runStatement(this, statement);
  }

  test(node: ts.Expression): Test {
    return testCondition(this, node);
  }

  fork(run: () => void): Branch {
    const { held, conditions, exit } = this;
    this.environment.push();
    run();
    const branch: Branch = {
      assigned: this.environment.pop(),
      held: this.held,
      exit: this.exit,
      conditions: this.conditions,
    };
    this.held = held;
    this.conditions = conditions;
    this.exit = exit;
    return branch;
  }

  assume(test: Test, isTrue: boolean): void {
    const absent = isTrue ? test.absentWhenTrue : test.absentWhenFalse;
    if (absent.length > 0) this.held = this.held.filter((lock) => !absent.includes(lock));
    if (test.reads.length > 0 || test.isOrdering) this.#push(this.#condition(test, 'branch'));
  }

  join(test: Test, whenTrue: Branch, whenFalse: Branch): void {
    this.#keepGuards(whenTrue);
    this.#keepGuards(whenFalse);
    if (whenTrue.exit && whenFalse.exit) {
      this.held = unionLocks(whenTrue.held, whenFalse.held);
      this.exit = whenTrue.exit === 'throw' ? whenFalse.exit : whenTrue.exit;
    } else if (whenTrue.exit) {
      this.#goOn(test, whenFalse, whenTrue.exit);
    } else if (whenFalse.exit) {
      this.#goOn(test, whenTrue, whenFalse.exit);
    } else {
      this.held = unionLocks(whenTrue.held, whenFalse.held);
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
    this.held = branch.held;
    this.environment.adopt(branch.assigned);
    if (test.reads.length > 0) this.#push(this.#condition(test, otherExit));
  }

  /** What a branch made sure of by leaving early holds after it as well. */
  #keepGuards(branch: Branch): void {
    for (const condition of conditionsUntil(branch.conditions, this.conditions)) {
      if (condition.kind !== 'branch' && !branch.exit) this.#push(condition);
    }
  }

  #push(condition: Condition): void {
    this.conditions = { condition, outer: this.conditions };
  }

  #condition(test: Test, kind: Condition['kind']): Condition {
    return {
      kind,
      node: test.node,
      path: this.path,
      reads: test.reads,
      isOrdering: test.isOrdering,
      isMagnitude: test.isMagnitude === true,
    };
  }

  guard(node: ts.Node, reads: readonly Read[]): void {
    if (reads.length === 0) return;
    const kind = 'throw';
    this.#push({ kind, node, path: this.path, reads, isOrdering: false, isMagnitude: false });
  }

  resume(branch: Branch): void {
    this.held = branch.held;
    this.conditions = branch.conditions;
    this.environment.adopt(branch.assigned);
    this.exit = branch.exit;
  }

  bind(name: ts.BindingName, value: Value): void {
    bindName(this, name, value);
  }

  assign(target: ts.Expression, value: Value): void {
    assignTo(this, target, value);
  }

  remember(node: ts.SignatureDeclaration): void {
    if (!this.#remembered.has(node)) this.#remembered.set(node, this.conditions);
  }

  call(callee: FunctionWithBody, options: CallOptions): Value {
    if (this.frames.length > DEEPEST_CALL || this.frames.some(({ node }) => node === callee)) {
      return UNKNOWN;
    }
    this.#ran.add(callee);
    const { path, frames, conditions, held } = this;
    const isPart = isPartOf(this.context, callee, this.root);
    this.path = isPart ? [] : [...path, options.call];
    const given = bindParameters(this, callee, options.args);
    this.held = [...this.held, ...given];
    const frame: Frame = {
      node: callee,
      kind: options.kind ?? 'called',
      thisValue: options.thisValue ?? null,
      conditions,
      returned: [],
      pending: [],
      heldAtReturn: [],
    };
    this.frames = [...frames, frame];
    this.#runBody(callee, frame);
    const thrown = conditionsUntil(this.conditions, conditions).filter(
      ({ kind }) => kind === 'throw',
    );
    this.path = path;
    this.frames = frames;
    this.conditions = conditions;
    for (const condition of thrown) this.#push(condition);
    this.held = this.held.filter((lock) => !given.includes(lock));
    const hasOwnLock =
      takesLock(this.context, callee) || this.held.some((lock) => !held.includes(lock));
    return this.#result(frame, !isPart && hasOwnLock, isPart ? null : held);
  }

  #runBody(callee: FunctionWithBody, frame: Frame): void {
    const { ts } = this.context;
    if (ts.isBlock(callee.body)) {
      runStatements(this, callee.body.statements);
    } else {
      frame.returned.push(withChoices(this.evaluate(callee.body), readsOfReturn(this)));
    }
    if (frame.kind === 'awaited') {
      for (const value of frame.returned) reportPending(this, callee, value);
    }
    this.held = unionLocks(this.held, frame.heldAtReturn);
    this.exit = this.exit === 'throw' && frame.returned.length === 0 ? 'throw' : null;
  }

  /**
   * What a run returned, and what it waited for under locks of its caller. A function that took a lock itself, or was
   * given one, is told of its waits when it is analysed by itself.
   */
  #result(frame: Frame, hasOwnLock: boolean, callerHeld: readonly HeldLock[] | null): Value {
    let value: Value | null = null;
    for (const returned of frame.returned) value = value ? joinValues(value, returned) : returned;
    if (hasOwnLock) return value ? { ...value, pending: [] } : UNKNOWN;
    const waits = frame.pending.filter(
      ({ awaitedUnder }) =>
        callerHeld === null || awaitedUnder?.every((lock) => callerHeld.includes(lock)),
    );
    if (waits.length === 0) return value ?? UNKNOWN;
    const pending: readonly Pending[] = [...(value?.pending ?? []), ...waits];
    return { ...(value ?? UNKNOWN), pending };
  }

  callLater(value: Value, args: readonly Value[]): void {
    for (const node of value.functions) {
      if (hasBody(this.context, node)) this.#callLater(node, args);
    }
  }

  #callLater(node: FunctionWithBody, args: readonly Value[]): void {
    const { scope, loops } = this;
    // A file of tests is one root with many callbacks: each may cost what a function may.
    if (this.path.length === 0) this.#steps = 0;
    this.fork(() => {
      this.held = [];
      this.loops = [];
      this.scope = { node, path: this.path, isAmbient: true };
      this.call(node, { call: node, args, kind: 'awaited' });
    });
    this.scope = scope;
    this.loops = loops;
  }

  callValue(value: Value, options: CallOptions): Value | null {
    let result: Value | null = null;
    for (const node of value.functions) {
      if (!hasBody(this.context, node)) continue;
      const returned = this.call(node, options);
      result = result ? joinValues(result, returned) : returned;
    }
    return result;
  }

  fresh(node: ts.Node): Identity {
    const { idOf } = this.context;
    const calls = this.path.map(idOf).join(',');
    return { key: `@${idOf(node)}<${calls}>`, origins: [node, ...this.path] };
  }

  copyOf(value: Value, node: ts.Expression): Value {
    return copyOf(this, value, node);
  }

  site(node: ts.Node): Site {
    return { node, path: this.path };
  }

  entityOf(value: Value, node: ts.Node): Entity | null {
    if (value.entity) return value.entity;
    if (value.functions.length > 0 || value.properties || value.element) return null;
    if (value.reads.length > 0) return null;
    const type = getEntityType(this.context, this.context.checker.getTypeAtLocation(node));
    if (!type || type.isCollection || type.state === 'transient') return null;
    return {
      state: type.state,
      model: type.model,
      identity: value.identity ?? this.fresh(node),
      site: this.site(node),
      protectedBy: type.state === 'locked' ? this.scope : null,
    };
  }
}
