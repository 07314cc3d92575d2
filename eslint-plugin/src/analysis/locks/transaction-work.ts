import type ts from 'typescript';
import { getFunctions, hasBody, type FunctionWithBody } from '../../program/callee.js';
import { getCalledName } from '../../program/called-name.js';
import { getFunctionNames } from '../../program/function-names.js';
import { getOperation } from '../../vocabulary/operation.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getReturned } from './returned-values.js';
import { getDeclaration } from './value-origin.js';

/** What runs a function inside of a transaction: its result is the transaction's, or the patch of a `mutate`. */
export type WorkKind = 'transaction' | 'mutate';

type Works = ReadonlyMap<ts.Node, WorkKind>;

const works = new WeakMap<ts.SourceFile, Works>();

/** As what a function of a file is run in a transaction, directly or by a helper of the program; `null` when it is not. */
export function getWorkKind(context: ProgramContext, node: ts.Node): WorkKind | null {
  return getWorks(context, node.getSourceFile()).get(node) ?? null;
}

/** The functions of the file of a node that are run in a transaction. */
export function getWorksOf(context: ProgramContext, node: ts.Node): readonly ts.Node[] {
  return [...getWorks(context, node.getSourceFile()).keys()];
}

/** The outermost function around a node that is the work of a transaction: locks live as long as it runs. */
export function getEnclosingWork(context: ProgramContext, node: ts.Node): ts.Node | null {
  const known = getWorks(context, node.getSourceFile());
  if (known.size === 0) return null;
  let outermost: ts.Node | null = null;
  for (let outer = node.parent; outer; outer = outer.parent) {
    if (known.has(outer)) outermost = outer;
  }
  return outermost;
}

function getWorks(context: ProgramContext, file: ts.SourceFile): Works {
  const known = works.get(file);
  if (known) return known;
  const found = new Map<ts.Node, WorkKind>();
  const { ts } = context;
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return;
    if (ts.isCallExpression(node)) addWorks(context, node, found);
    ts.forEachChild(node, visit);
  };
  visit(file);
  works.set(file, found);
  return found;
}

function addWorks(
  context: ProgramContext,
  call: ts.CallExpression,
  found: Map<ts.Node, WorkKind>,
): void {
  for (const [index, argument] of call.arguments.entries()) {
    if (!mayBeFunction(context, argument)) continue;
    const kind = getKindOfArgument(context, call, index);
    if (!kind) continue;
    for (const work of getFunctionsOf(context, argument)) found.set(work, kind);
  }
}

function mayBeFunction(context: ProgramContext, argument: ts.Expression): boolean {
  const { ts } = context;
  const inner = unwrapExpression(context, argument);
  return (
    ts.isArrowFunction(inner) ||
    ts.isFunctionExpression(inner) ||
    ts.isIdentifier(inner) ||
    ts.isPropertyAccessExpression(inner) ||
    ts.isCallExpression(inner)
  );
}

function getFunctionsOf(
  context: ProgramContext,
  argument: ts.Expression,
): readonly FunctionWithBody[] {
  const inner = unwrapExpression(context, argument);
  if (hasBody(context, inner)) return [inner];
  if (context.ts.isCallExpression(inner)) return getMade(context, inner);
  return getFunctions(context, context.ts.isPropertyAccessExpression(inner) ? inner.name : inner);
}

/** The functions that a function of the program makes: `change(seen)` of `(seen) => (account) => …`. */
function getMade(context: ProgramContext, call: ts.CallExpression): readonly FunctionWithBody[] {
  const called = getCalledName(context, call);
  if (!called) return [];
  return getFunctions(context, called.node).flatMap((maker) =>
    getReturned(context, maker)
      .map((value) => unwrapExpression(context, value))
      .filter((value) => hasBody(context, value)),
  );
}

function getKindOfArgument(
  context: ProgramContext,
  call: ts.CallExpression,
  index: number,
): WorkKind | null {
  const called = getCalledName(context, call);
  if (!called || !mayRun(context, called.name)) return null;
  const operation = getOperation(context, call)?.name;
  if (operation === 'transaction') return index === 0 ? 'transaction' : null;
  if (operation === 'mutate') return index === 1 ? 'mutate' : null;
  if (operation) return null;
  const isForwarded = getFunctions(context, called.node).some((callee) => {
    const parameter = callee.parameters[index];
    return parameter !== undefined && runsInTransaction(context, callee, parameter);
  });
  return isForwarded ? 'transaction' : null;
}

/** The methods of the runtime that run work in a transaction. */
const RUNNERS: ReadonlySet<string> = new Set(['transaction', 'mutate']);

/** Whether what goes by a name may run work in a transaction: the cheap test before the types are asked. */
function mayRun(context: ProgramContext, name: string): boolean {
  return RUNNERS.has(name) || getFunctionNames(context).mayReach(name, RUNNERS);
}

const forwarded = new WeakMap<ts.ParameterDeclaration, boolean>();

/** Whether a helper hands a parameter to a transaction, or calls it in one. */
function runsInTransaction(
  context: ProgramContext,
  callee: FunctionWithBody,
  parameter: ts.ParameterDeclaration,
): boolean {
  const known = forwarded.get(parameter);
  if (known !== undefined) return known;
  forwarded.set(parameter, false);
  const { ts } = context;
  const isParameter = (node: ts.Node): boolean =>
    ts.isIdentifier(node) && getDeclaration(context, node) === parameter;
  const visit = (node: ts.Node, isInside: boolean): boolean => {
    if (ts.isTypeNode(node)) return false;
    if (!ts.isCallExpression(node)) {
      return ts.forEachChild(node, (child) => visit(child, isInside) || undefined) ?? false;
    }
    if (isInside && isParameter(unwrapExpression(context, node.expression))) return true;
    if (visit(node.expression, isInside)) return true;
    return node.arguments.some((argument, index) => {
      const isWork =
        mayBeFunction(context, argument) && getKindOfArgument(context, node, index) !== null;
      if (isWork && isParameter(unwrapExpression(context, argument))) return true;
      return visit(argument, isInside || isWork);
    });
  };
  const result = visit(callee.body, false);
  forwarded.set(parameter, result);
  return result;
}
