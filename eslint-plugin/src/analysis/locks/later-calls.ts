import type ts from 'typescript';
import { getCalledName } from '../../program/called-name.js';
import { getFunctions } from '../../program/callee.js';
import type { ProgramContext } from '../../program/program-context.js';
import { TIMERS } from '../../program/timers.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';

export type LaterKind = 'timer' | 'listener';

const LISTENING_METHODS: ReadonlySet<string> = new Set([
  'on',
  'once',
  'addListener',
  'prependListener',
  'prependOnceListener',
  'addEventListener',
  'subscribe',
  'afterCommit',
]);

/** Whether a call only registers its callbacks, to be called at some other time. */
export function getLaterKind(context: ProgramContext, call: ts.CallExpression): LaterKind | null {
  const called = getCalledName(context, call);
  if (!called) return null;
  if (TIMERS.has(called.name)) {
    const isOwn = getFunctions(context, called.node).length > 0;
    return isOwn || isAwaited(context, call) ? null : 'timer';
  }
  return called.receiver && LISTENING_METHODS.has(called.name) ? 'listener' : null;
}

/** Whether somebody waits for a call, or returns its promise to who does. */
export function isAwaited({ ts }: ProgramContext, call: ts.Expression): boolean {
  let outer: ts.Node = call.parent;
  while (ts.isParenthesizedExpression(outer)) outer = outer.parent;
  return (
    ts.isAwaitExpression(outer) ||
    ts.isReturnStatement(outer) ||
    (ts.isArrowFunction(outer) && outer.body === call)
  );
}

/** Whether a call runs an inline async function for which nobody waits. */
export function isLeftAlone(context: ProgramContext, call: ts.CallExpression): boolean {
  const { ts } = context;
  const callee = unwrapExpression(context, call.expression);
  const isInline = ts.isArrowFunction(callee) || ts.isFunctionExpression(callee);
  const isAsync = isInline && callee.modifiers?.some((m) => m.kind === ts.SyntaxKind.AsyncKeyword);
  if (isAsync !== true) return false;
  let outer: ts.Node = call;
  do outer = outer.parent;
  while (ts.isParenthesizedExpression(outer) || isHandler(context, outer));
  return ts.isExpressionStatement(outer) || ts.isVoidExpression(outer);
}

/** `.catch` in a chain waits for nothing. */
function isHandler({ ts }: ProgramContext, node: ts.Node): boolean {
  if (ts.isCallExpression(node)) return true;
  return ts.isPropertyAccessExpression(node) && /^(?:catch|then|finally)$/.test(node.name.text);
}
