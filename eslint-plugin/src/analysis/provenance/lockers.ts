import type ts from 'typescript';
import { getFunctions, hasBody, type FunctionWithBody } from '../../program/callee.js';
import { getArgument, getCalledName } from '../../program/called-name.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { isLocked } from '../../vocabulary/contained-state.js';
import { getOperation } from '../../vocabulary/operation.js';
import { getReturned } from '../locks/returned-values.js';
import { getDeclaration, getSources } from '../locks/value-origin.js';
import { areApart } from './repository-identity.js';

/** How many names and calls a lock is followed through. */
const DEPTH = 6;

const LOCKING: ReadonlySet<string> = new Set(['lock', 'lockMany', 'lockWhere', 'mutate']);
const WRITING: ReadonlySet<string> = new Set(['update', 'save', 'delete']);

/**
 * The repository that took the lock with which a call writes, if it is surely another one than the one that writes:
 * `null` when it is the same, or when that is not to be seen.
 */
export function findForeignLocker(
  context: ProgramContext,
  call: ts.CallExpression,
): ts.Expression | null {
  for (const { writer, entity } of getWrites(context, call)) {
    const lockers = findLockers(context, entity, DEPTH);
    const [first] = lockers;
    if (first && lockers.every((locker) => areApart(context, writer, locker))) return first;
  }
  return null;
}

interface Write {
  readonly writer: ts.Expression;
  readonly entity: ts.Expression;
}

/** What a call writes with which repository: itself, or the function of the program that it hands both to. */
function getWrites(context: ProgramContext, call: ts.CallExpression): readonly Write[] {
  const called = getCalledName(context, call);
  if (!called) return [];
  const operation = getOperation(context, call);
  if (operation) {
    const entity = getArgument(context, call, 0);
    const isWrite = WRITING.has(operation.name) && entity && called.receiver;
    return isWrite ? [{ writer: called.receiver, entity }] : [];
  }
  const { checker } = context;
  return call.arguments.flatMap((argument, index) => {
    if (!isLocked(context, checker.getTypeAtLocation(argument))) return [];
    return getFunctions(context, called.node).flatMap((callee) => {
      const parameter = callee.parameters[index];
      if (!parameter) return [];
      return getWritersOf(context, callee, parameter).flatMap((writer) => {
        const given = getGiven(context, callee, call, writer);
        return given ? [{ writer: given, entity: argument }] : [];
      });
    });
  });
}

/** The repositories with which a function writes a parameter of its own. */
function getWritersOf(
  context: ProgramContext,
  callee: FunctionWithBody,
  parameter: ts.ParameterDeclaration,
): readonly ts.Expression[] {
  const { ts } = context;
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && WRITING.has(getOperation(context, node)?.name ?? '')) {
      const entity = getArgument(context, node, 0);
      const writer = getCalledName(context, node)?.receiver;
      const isParameter =
        entity !== null && ts.isIdentifier(entity) && getDeclaration(context, entity) === parameter;
      if (isParameter && writer) found.push(writer);
    }
    ts.forEachChild(node, visit);
  };
  visit(callee.body);
  return found;
}

/** What a repository in a function is where it is called: the argument, if it is a parameter. */
function getGiven(
  context: ProgramContext,
  callee: FunctionWithBody,
  call: ts.CallExpression,
  repository: ts.Expression,
): ts.Expression | null {
  const { ts } = context;
  if (!ts.isIdentifier(repository)) return repository;
  const declaration = getDeclaration(context, repository);
  if (!declaration || !ts.isParameter(declaration)) return repository;
  if (declaration.parent !== callee) return repository;
  const argument = call.arguments[callee.parameters.indexOf(declaration)];
  return argument && !ts.isSpreadElement(argument) ? argument : null;
}

/** The repositories whose `lock` made a value; none when that is not to be seen. */
function findLockers(
  context: ProgramContext,
  node: ts.Expression,
  depth: number,
): readonly ts.Expression[] {
  const { ts } = context;
  if (depth === 0) return [];
  let inner = unwrapExpression(context, node);
  while (ts.isAwaitExpression(inner)) inner = unwrapExpression(context, inner.expression);
  if (ts.isElementAccessExpression(inner)) return findLockers(context, inner.expression, depth - 1);
  if (ts.isCallExpression(inner)) return findLockersOfCall(context, inner, depth);
  const sources = getSources(context, inner);
  if (sources.length > 0) {
    const found = sources.map((source) => findLockers(context, source, depth - 1));
    return found.some((lockers) => lockers.length === 0) ? [] : found.flat();
  }
  return ts.isIdentifier(inner) ? findLockersOfName(context, inner, depth) : [];
}

/** A loop over locks, a part of a list of them, the parameter of a callback. */
function findLockersOfName(
  context: ProgramContext,
  name: ts.Identifier,
  depth: number,
): readonly ts.Expression[] {
  const { ts } = context;
  const declaration = getDeclaration(context, name);
  if (!declaration) return [];
  if (ts.isVariableDeclaration(declaration)) {
    const loop = declaration.parent.parent;
    return ts.isForOfStatement(loop) ? findLockers(context, loop.expression, depth - 1) : [];
  }
  if (ts.isBindingElement(declaration)) {
    const pattern = declaration.parent;
    const owner = pattern.parent;
    const isOfList = ts.isArrayBindingPattern(pattern) && ts.isVariableDeclaration(owner);
    return isOfList && owner.initializer ? findLockers(context, owner.initializer, depth - 1) : [];
  }
  if (!ts.isParameter(declaration) || declaration.type) return [];
  const callback = declaration.parent;
  const call = callback.parent;
  if (!hasBody(context, callback) || !ts.isCallExpression(call)) return [];
  const receiver = getCalledName(context, call)?.receiver;
  if (!receiver) return [];
  if (getOperation(context, call)?.name === 'mutate') return [receiver];
  return findLockers(context, receiver, depth - 1);
}

function findLockersOfCall(
  context: ProgramContext,
  call: ts.CallExpression,
  depth: number,
): readonly ts.Expression[] {
  const { ts, checker } = context;
  const called = getCalledName(context, call);
  if (!called) return [];
  const operation = getOperation(context, call);
  if (operation) return LOCKING.has(operation.name) && called.receiver ? [called.receiver] : [];
  const callees = getFunctions(context, called.node);
  if (callees.length > 0) {
    const found = callees.flatMap((callee) =>
      getReturned(context, callee)
        .filter((value) => value.kind !== ts.SyntaxKind.NullKeyword)
        .map((value) =>
          findLockers(context, value, depth - 1).map((locker) =>
            getGiven(context, callee, call, locker),
          ),
        ),
    );
    const isOpen = found.some((l) => l.length === 0 || l.includes(null));
    return isOpen ? [] : (found.flat() as ts.Expression[]);
  }
  // `held.filter(…)`, `held.at(0)`: a method of what holds them.
  if (
    !called.receiver ||
    !isLocked(context, elementOf(checker.getTypeAtLocation(called.receiver)))
  ) {
    return [];
  }
  return findLockers(context, called.receiver, depth - 1);

  function elementOf(type: ts.Type): ts.Type {
    return checker.getIndexTypeOfType(type, ts.IndexKind.Number) ?? type;
  }
}
