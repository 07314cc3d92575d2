import type ts from 'typescript';
import { getFunctions, hasBody, type FunctionWithBody } from '../../program/callee.js';
import { isThenable } from '../../program/foreign-work.js';
import { takesLockedEntity } from '../../vocabulary/effects.js';
import { getOperation, type OperationName } from '../../vocabulary/operation.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getGivenFunctions } from './given-functions.js';

const WRITES: ReadonlySet<OperationName> = new Set<OperationName>([
  'lock',
  'lockMany',
  'lockWhere',
  'lockName',
  'update',
  'save',
  'saveMany',
  'delete',
  'mutate',
  'transaction',
  'savepoint',
  'emit',
]);

/** What somebody has to wait for: one of the runtime's own methods, or a function that awaits one. */
export interface WritingCall {
  readonly operation: OperationName;
  /** The call of the runtime's method: the call itself, or one inside of what it calls. */
  readonly call: ts.CallExpression;
  readonly isDirect: boolean;
}

/** The write, lock, emit or transaction that the promise of a call stands for; `null` when there is none. */
export function getWritingCall(
  context: ProgramContext,
  call: ts.CallExpression,
): WritingCall | null {
  const operation = getOperation(context, call);
  if (operation) {
    return WRITES.has(operation.name) ? { operation: operation.name, call, isDirect: true } : null;
  }
  const callee = unwrapExpression(context, call.expression);
  const inner = firstWrite(context, getCallees(context, callee));
  return inner && isThenable(context, context.checker.getTypeAtLocation(call)) ? inner : null;
}

/** Methods that make one promise out of those that their callback makes. */
const CHAINING: ReadonlySet<string> = new Set(['reduce', 'reduceRight']);

/** The same for a call whose promise nobody waits for, of a function that was handed over, or of a chain of them. */
export function getGivenWrite(
  context: ProgramContext,
  call: ts.CallExpression,
): WritingCall | null {
  const { ts, checker } = context;
  if (!isThenable(context, checker.getTypeAtLocation(call))) return null;
  const callee = unwrapExpression(context, call.expression);
  const [callback] = call.arguments;
  if (callback && ts.isPropertyAccessExpression(callee) && CHAINING.has(callee.name.text)) {
    return getWriteOf(context, callback);
  }
  const declared = checker.getResolvedSignature(call)?.declaration;
  const typed = declared && hasBody(context, declared) ? [declared] : [];
  return firstWrite(context, [...typed, ...getGivenFunctions(context, callee)]);
}

/** What a callee can be: functions that a name stands for, or a function that is called where it is written. */
function getCallees(context: ProgramContext, callee: ts.Expression): readonly FunctionWithBody[] {
  const { ts } = context;
  if (hasBody(context, callee)) return [callee];
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  const isName = ts.isIdentifier(name) || ts.isPrivateIdentifier(name);
  return isName ? getFunctions(context, name) : [];
}

/** The first write that a function waits for, or starts and returns. */
export function getWriteOf(context: ProgramContext, callback: ts.Node): WritingCall | null {
  const inner = context.ts.isExpression(callback) ? unwrapExpression(context, callback) : callback;
  if (hasBody(context, inner)) return firstWrite(context, [inner]);
  return firstWrite(context, getFunctions(context, inner));
}

function firstWrite(
  context: ProgramContext,
  functions: readonly FunctionWithBody[],
): WritingCall | null {
  for (const callee of functions) {
    const found = searchWrite(context, callee);
    if (found) return { ...found, isDirect: false };
  }
  return null;
}

const writes = new WeakMap<FunctionWithBody, WritingCall | null>();

function searchWrite(context: ProgramContext, callee: FunctionWithBody): WritingCall | null {
  const known = writes.get(callee);
  if (known !== undefined) return known;
  writes.set(callee, null);
  const { ts } = context;
  const visit = (node: ts.Node): WritingCall | null => {
    if (ts.isTypeNode(node)) return null;
    if (ts.isFunctionLike(node) && !isRunByCall(context, node)) return null;
    if (ts.isCallExpression(node)) {
      const found = getWritingCall(context, node);
      if (found) return found;
    }
    return ts.forEachChild(node, (child) => visit(child) ?? undefined) ?? null;
  };
  const result = ts.forEachChild(callee, (child) => visit(child) ?? undefined) ?? null;
  writes.set(callee, result);
  return result;
}

/** A callback whose call is waited for runs as a part of the function; a handler that is only registered does not. */
function isRunByCall({ ts }: ProgramContext, node: ts.Node): boolean {
  let call: ts.Node = node.parent;
  if (!ts.isCallExpression(call) && !ts.isNewExpression(call)) return false;
  while (ts.isPropertyAccessExpression(call.parent) || ts.isCallExpression(call.parent)) {
    call = call.parent;
  }
  return !ts.isExpressionStatement(call.parent);
}

/** Whether a node surely runs in a transaction: in its callback, or in a function that is handed a lock. */
export function isInTransaction(context: ProgramContext, node: ts.Node): boolean {
  const { ts } = context;
  for (let inner = node, outer = node.parent; outer; inner = outer, outer = outer.parent) {
    if (takesLockedEntity(context, outer)) return true;
    if (!ts.isCallExpression(outer) || !ts.isFunctionLike(inner)) continue;
    if (getOperation(context, outer)?.name === 'transaction') return true;
  }
  return false;
}
