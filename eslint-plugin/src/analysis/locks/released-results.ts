import type ts from 'typescript';
import { getFunctions, hasBody } from '../../program/callee.js';
import { getCalledName } from '../../program/called-name.js';
import { getDeclaredSymbol } from '../../program/class-index.js';
import { getFunctionNames } from '../../program/function-names.js';
import type { ProgramContext } from '../../program/program-context.js';
import { containsLocked } from '../../vocabulary/contained-state.js';
import { getOperation } from '../../vocabulary/operation.js';
import { getWorkKind } from './transaction-work.js';

const TRANSACTION: ReadonlySet<string> = new Set(['transaction']);

/**
 * The function that a generic of the program is handed, whose result is a lock and comes out of a transaction in there:
 * the compiler refuses to return one from `transaction`, but not as an `R`. `null` when there is none.
 */
export function findReleasedWork(
  context: ProgramContext,
  call: ts.CallExpression | ts.NewExpression,
): ts.Expression | null {
  const { ts, checker } = context;
  const called = getCalledName(context, call);
  if (!called || !call.arguments?.some((argument) => mayReturnLock(context, argument))) return null;
  for (const owner of getGenerics(context, call, called.name, called.node)) {
    const parameters = ts.isClassLike(owner)
      ? owner.members.find(ts.isConstructorDeclaration)?.parameters
      : (owner as ts.SignatureDeclaration).parameters;
    for (const [index, argument] of call.arguments.entries()) {
      if (!mayReturnLock(context, argument) || getWorkKind(context, argument)) continue;
      const type = parameters?.[index]?.type;
      if (!type || !ts.isFunctionTypeNode(type)) continue;
      const released = getReleasedParameters(context, owner);
      const isReleased = released.some((symbol) => mentions(context, type.type, symbol));
      if (isReleased && containsLocked(context, resultOf(checker, argument))) return argument;
    }
  }
  return null;
}

function mayReturnLock(context: ProgramContext, argument: ts.Expression): boolean {
  const { ts, checker } = context;
  const mayBeFunction =
    hasBody(context, argument) ||
    ts.isIdentifier(argument) ||
    ts.isPropertyAccessExpression(argument);
  if (!mayBeFunction) return false;
  const [signature] = checker.getTypeAtLocation(argument).getCallSignatures();
  return signature !== undefined && containsLocked(context, signature.getReturnType());
}

function resultOf(checker: ts.TypeChecker, node: ts.Node): ts.Type {
  const type = checker.getTypeAtLocation(node);
  return type.getCallSignatures()[0]?.getReturnType() ?? type;
}

function getGenerics(
  context: ProgramContext,
  call: ts.CallExpression | ts.NewExpression,
  name: string,
  node: ts.Node,
): readonly ts.Node[] {
  const { ts } = context;
  if (ts.isNewExpression(call)) {
    const declaration = getDeclaredSymbol(context, call.expression)?.valueDeclaration;
    const isOfProgram = declaration && !declaration.getSourceFile().isDeclarationFile;
    return isOfProgram && ts.isClassLike(declaration) ? [declaration] : [];
  }
  if (!getFunctionNames(context).mayReach(name, TRANSACTION)) return [];
  return getFunctions(context, node);
}

const released = new WeakMap<ts.Node, readonly ts.Symbol[]>();

/** The type parameters of a function or class that the result of a transaction in it is made of. */
function getReleasedParameters(context: ProgramContext, owner: ts.Node): readonly ts.Symbol[] {
  const known = released.get(owner);
  if (known) return known;
  const { ts, checker } = context;
  const found: ts.Symbol[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && getOperation(context, node)?.name === 'transaction') {
      const [work] = node.arguments;
      if (work) found.push(...getTypeParameters(context, resultOf(checker, work)));
    }
    ts.forEachChild(node, visit);
  };
  visit(owner);
  released.set(owner, found);
  return found;
}

/** The type parameters that a value of a type can be: `R`, `R | null`, `Promise<R>`, `Awaited<R>`. */
function getTypeParameters(
  context: ProgramContext,
  type: ts.Type,
  depth = 4,
): readonly ts.Symbol[] {
  const { ts, checker } = context;
  if (depth === 0) return [];
  if (type.flags & ts.TypeFlags.TypeParameter) return type.symbol ? [type.symbol] : [];
  const isReference = (type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference;
  const parts = [
    ...(type.isUnionOrIntersection() ? type.types : []),
    ...(type.aliasTypeArguments ?? []),
    ...(type.flags & ts.TypeFlags.Object && isReference
      ? checker.getTypeArguments(type as ts.TypeReference)
      : []),
  ];
  return parts.flatMap((part) => getTypeParameters(context, part, depth - 1));
}

function mentions({ ts, checker }: ProgramContext, node: ts.Node, symbol: ts.Symbol): boolean {
  const visit = (child: ts.Node): boolean => {
    if (ts.isIdentifier(child) && checker.getSymbolAtLocation(child) === symbol) return true;
    return ts.forEachChild(child, (inner) => visit(inner) || undefined) ?? false;
  };
  return visit(node);
}
