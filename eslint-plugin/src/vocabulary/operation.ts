import type ts from 'typescript';
import { getEntityType, getRepositoryModel } from './entity-type.js';
import type { ProgramContext } from '../program/program-context.js';
import { isDeclaredByRuntime } from '../program/runtime-package.js';
import { unwrapExpression } from '../program/unwrap-expression.js';

/** The methods of the runtime that the lock rules know, by the type that declares them. */
const OPERATIONS = {
  Repository: [
    'get',
    'findOne',
    'find',
    'lock',
    'lockMany',
    'lockWhere',
    'update',
    'save',
    'saveMany',
    'delete',
    'mutate',
  ],
  Store: ['transaction', 'savepoint', 'afterCommit', 'lockName', 'close'],
  Signal: ['emit', 'subscribe', 'stream'],
  ModelClass: ['ref'],
} as const;

export type OperationName = (typeof OPERATIONS)[keyof typeof OPERATIONS][number];

export const OPERATION_NAMES: ReadonlySet<string> = new Set(Object.values(OPERATIONS).flat());

/** A call of one of the runtime's methods. */
export interface Operation {
  readonly name: OperationName;
  /** The model that it is about, for a repository and for `ref`; `null` when a generic leaves it open. */
  readonly model: ts.Symbol | null;
}

/** Whether a method's name could be one of the runtime's: the cheap test before the types are asked. */
export function isOperationName(name: string): name is OperationName {
  return OPERATION_NAMES.has(name);
}

const operations = new WeakMap<ts.CallExpression, Operation | null>();

/** Which of the runtime's methods a call calls; `null` for any other call. */
export function getOperation(context: ProgramContext, call: ts.CallExpression): Operation | null {
  const known = operations.get(call);
  if (known !== undefined) return known;
  const result = findOperation(context, call);
  operations.set(call, result);
  return result;
}

function findOperation(context: ProgramContext, call: ts.CallExpression): Operation | null {
  const { checker } = context;
  const callee = unwrapExpression(context, call.expression);
  const name = getMethodName(context, callee);
  if (!name || !isOperationName(name.text)) return null;
  const symbol = checker.getSymbolAtLocation(name);
  if (!symbol) return null;
  const receiver = (callee as ts.PropertyAccessExpression | ts.ElementAccessExpression).expression;
  const owner = getRuntimeOwner(context, symbol);
  if (owner === null) return getOverride(context, symbol, name.text, receiver);
  if (!(OPERATIONS[owner] as readonly string[]).includes(name.text)) return null;
  if (owner === 'Repository') {
    const repository = getRepositoryModel(context, checker.getTypeAtLocation(receiver));
    return { name: name.text, model: repository?.model ?? null };
  }
  if (owner === 'ModelClass') {
    const entity = getEntityType(context, checker.getTypeAtLocation(call));
    return { name: name.text, model: entity?.model ?? null };
  }
  return { name: name.text, model: null };
}

function getMethodName(
  { ts }: ProgramContext,
  callee: ts.Expression,
): ts.MemberName | ts.StringLiteralLike | null {
  if (ts.isPropertyAccessExpression(callee)) return callee.name;
  if (ts.isElementAccessExpression(callee) && ts.isStringLiteralLike(callee.argumentExpression)) {
    return callee.argumentExpression;
  }
  return null;
}

/** The type of the runtime that declares a method. */
function getRuntimeOwner(
  { ts, program }: ProgramContext,
  symbol: ts.Symbol,
): keyof typeof OPERATIONS | null {
  for (const declaration of symbol.declarations ?? []) {
    const owner = declaration.parent;
    if (!ts.isClassDeclaration(owner) && !ts.isInterfaceDeclaration(owner)) continue;
    const name = owner.name?.text;
    if (name === undefined || !(name in OPERATIONS)) continue;
    if (isDeclaredByRuntime(program, declaration)) return name as keyof typeof OPERATIONS;
  }
  return null;
}

/** A method of a user's subclass of `Repository` that overrides the runtime's. */
function getOverride(
  context: ProgramContext,
  symbol: ts.Symbol,
  name: OperationName,
  receiver: ts.Expression,
): Operation | null {
  const { ts, checker } = context;
  const owner = symbol.valueDeclaration?.parent;
  if (!owner || !ts.isClassLike(owner) || owner.heritageClauses === undefined) return null;
  if (!(OPERATIONS.Repository as readonly string[]).includes(name)) return null;
  const repository = getRepositoryModel(context, checker.getTypeAtLocation(receiver));
  return repository && { name, model: repository.model };
}
