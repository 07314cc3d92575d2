import type ts from 'typescript';
import { getReportNode, type FlowFacts, type SlowWaitFact } from '../flow/facts.js';
import type { HeldLock } from '../flow/state.js';
import { getDeclaredSymbol } from '../../program/class-index.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';

/** A wait for something else than the database while rows are locked. */
export interface SlowWait {
  readonly node: ts.Node;
  readonly kind: SlowWaitFact['kind'];
  /** What is waited for: the call, or `new Promise`. */
  readonly work: ts.Node;
  readonly lock: HeldLock;
}

export function findSlowWaits(facts: FlowFacts): readonly SlowWait[] {
  const found = new Map<ts.Node, SlowWait>();
  for (const { site, work, workPath, held, kind } of facts.slowWaits) {
    const [lock] = held;
    const sites = held.map((other) => other.site);
    const reported = workPath.length === 0 ? work : getReportNode(site, sites);
    if (lock && reported && !found.has(reported)) {
      found.set(reported, { node: reported, kind, work, lock });
    }
  }
  return [...found.values()];
}

/** Whether an option names the function that is called, or the package that declares it. */
export function isAllowedWork(
  context: ProgramContext,
  work: ts.Node,
  allowed: readonly string[],
): boolean {
  const { ts } = context;
  if (allowed.length === 0 || !ts.isCallExpression(work)) return false;
  const callee = unwrapExpression(context, work.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  if (allowed.includes(name.getText())) return true;
  const fileName = getDeclaredSymbol(context, name)?.declarations?.[0]?.getSourceFile().fileName;
  return allowed.some((wanted) => fileName?.includes(`/node_modules/${wanted}/`));
}
