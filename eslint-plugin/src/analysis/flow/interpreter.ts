import type ts from 'typescript';
import { hasBody, type FunctionWithBody } from '../../program/callee.js';
import type { ProgramContext } from '../../program/program-context.js';
import { getEntityFact, takesLockedEntity } from '../../vocabulary/effects.js';
import { assignTo, bindName } from './assignments.js';
import { testCondition } from './conditions.js';
import { withCaptured } from './captured.js';
import { ControlFlow } from './control-flow.js';
import { evaluateExpression } from './expressions.js';
import type { FlowFacts } from './facts.js';
import type { CallOptions, Flow, Test } from './flow.js';
import type { Identity } from './identity.js';
import { bindParameters } from './parameters.js';
import { reportPending } from './pending.js';
import { copyOf } from './properties.js';
import { isPartOf, isRootFunction } from './root-functions.js';
import { readsOfReturn, runStatement, runStatements } from './statements.js';
import {
  conditionsUntil,
  unionLocks,
  type ConditionList,
  type Frame,
  type HeldLock,
  type TransactionScope,
} from './state.js';
import {
  isOpen,
  joinValues,
  UNKNOWN,
  withChoices,
  type Entity,
  type Pending,
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
export class Interpreter extends ControlFlow implements Flow {
  readonly #remembered = new Map<ts.SignatureDeclaration, ConditionList | null>();
  readonly #ran = new Set<ts.Node>();
  #steps = 0;
  #depth = 0;

  constructor(
    readonly context: ProgramContext,
    readonly facts: FlowFacts,
    readonly root: ts.Node,
  ) {
    super(ambientScope(root, []));
  }

  /** Runs the root, and then every function in it that nothing called. */
  runRoot(): void {
    const { root } = this;
    if (hasBody(this.context, root)) {
      const { functions } = this.call(root, { call: root, args: [], kind: 'awaited' });
      for (const made of functions) this.#runMade(made);
    }
    if (this.context.ts.isSourceFile(root)) this.#runFile(root);
    for (const [node, conditions] of this.#remembered) {
      if (this.#ran.has(node) || !hasBody(this.context, node)) continue;
      if (!isPartOf(this.context, node, this.root) || isRootFunction(this.context, node)) continue;
      this.set({ conditions });
      this.#callLater(node, []);
    }
  }

  /** A function that another file's function made of what the root gave it. */
  #runMade(made: ts.SignatureDeclaration): void {
    if (this.#ran.has(made) || !hasBody(this.context, made)) return;
    if (!isPartOf(this.context, made, this.root)) this.#callLater(made, []);
  }

  #runFile(file: ts.SourceFile): void {
    for (const statement of file.statements) {
      this.run(statement);
      this.set({ exit: null });
    }
  }

  evaluate(node: ts.Expression): Value {
    this.#steps += 1;
    if (this.#steps > MOST_STEPS || this.#depth > DEEPEST_EXPRESSION) return UNKNOWN;
    this.#depth += 1;
    const value = evaluateExpression(this, node);
    this.#depth -= 1;
    return this.typed(value, node);
  }

  typed(value: Value, node: ts.Node): Value {
    if (value.typedBy || !isOpen(value) || !canBeTyped(this.context.ts, node)) return value;
    return { ...value, typedBy: this.site(node) };
  }

  run(statement: ts.Statement): void {
    runStatement(this, statement);
  }

  test(node: ts.Expression): Test {
    return testCondition(this, node);
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
    const { path, conditions, held } = this;
    const isPart = isPartOf(this.context, callee, this.root);
    const frame: Frame = {
      node: callee,
      call: options.call,
      kind: options.kind ?? 'called',
      thisValue: options.thisValue ?? null,
      conditions,
      returned: [],
      pending: [],
      heldAtReturn: [],
    };
    const inside = { path: isPart ? [] : [...path, options.call], frames: [...this.frames, frame] };
    const thrown = this.within({ ...inside, conditions }, () => {
      const given = bindParameters(this, callee, options.args);
      this.set({ held: [...this.held, ...given] });
      const isThrown = this.#runBody(callee, frame);
      this.release((lock) => given.includes(lock));
      const inner = conditionsUntil(this.conditions, conditions);
      // Whoever did not return by the end of it does not come back at all.
      return inner.filter(({ kind }) => kind === 'throw' || (kind === 'return' && isThrown));
    });
    for (const condition of thrown) this.push({ ...condition, kind: 'throw' });
    const hasOwnLock =
      takesLockedEntity(this.context, callee) || this.held.some((lock) => !held.includes(lock));
    const result = this.#result(frame, !isPart && hasOwnLock, isPart ? null : held);
    return isPart ? result : withCaptured(this, callee, result);
  }

  /** Runs a body, and says whether it ends with an error, if it comes to its end. */
  #runBody(callee: FunctionWithBody, frame: Frame): boolean {
    const { ts } = this.context;
    if (ts.isBlock(callee.body)) {
      runStatements(this, callee.body.statements);
    } else {
      frame.returned.push(withChoices(this.evaluate(callee.body), readsOfReturn(this)));
    }
    if (frame.kind === 'awaited') {
      for (const value of frame.returned) reportPending(this, callee, value);
    }
    const isThrown = this.exit === 'throw';
    this.set({
      held: unionLocks(this.held, frame.heldAtReturn),
      exit: isThrown && frame.returned.length === 0 ? 'throw' : null,
    });
    return isThrown;
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
    // A file of tests is one root with many callbacks: each may cost what a function may.
    if (this.path.length === 0) this.#steps = 0;
    const scope = ambientScope(node, this.path);
    this.within({ scope, loops: [] }, () =>
      this.fork(() => {
        this.set({ held: [], lockedNames: [] });
        this.call(node, { call: node, args, kind: 'awaited' });
      }),
    );
  }

  callValue(value: Value, options: CallOptions): Value | null {
    let result: Value | null = null;
    for (const [symbol, held] of value.captured ?? []) this.environment.set(symbol, held);
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

  copyOf(value: Value): Value {
    return copyOf(this, value);
  }

  site(node: ts.Node): Site {
    return { node, path: this.path };
  }

  entityOf(value: Value): Entity | null {
    if (value.entity) return value.entity;
    const { typedBy: site } = value;
    if (!site || !isOpen(value)) return null;
    const fact = getEntityFact(this.context, site.node);
    if (!fact || fact.isCollection) return null;
    return {
      state: fact.state,
      model: fact.model,
      identity: value.identity ?? this.fresh(site.node),
      idField: 'id',
      site,
      protectedBy: fact.state === 'locked' ? this.scope : null,
      lockedNames: this.lockedNames,
    };
  }
}

/** Expressions whose type says more than what is known of their parts. */
function canBeTyped(typescript: typeof ts, { kind }: ts.Node): boolean {
  const { SyntaxKind } = typescript;
  switch (kind) {
    case SyntaxKind.Identifier:
    case SyntaxKind.ThisKeyword:
    case SyntaxKind.PropertyAccessExpression:
    case SyntaxKind.ElementAccessExpression:
    case SyntaxKind.CallExpression:
    case SyntaxKind.AsExpression:
    case SyntaxKind.ObjectBindingPattern:
      return true;
    default:
      return false;
  }
}

function ambientScope(node: ts.Node, path: readonly ts.Node[]): TransactionScope {
  return { node, path, isAmbient: true, isolation: 'read committed' };
}
