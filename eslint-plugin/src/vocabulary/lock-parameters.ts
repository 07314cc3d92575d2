import type ts from 'typescript';
import { getEntityType } from './entity-type.js';
import type { ProgramContext } from '../program/program-context.js';

/** Whether a function demands a `Locked`: it knows by itself that it runs under a lock, in a transaction. */
export function takesLock(context: ProgramContext, node: ts.Node): boolean {
  const { ts, checker } = context;
  if (!ts.isFunctionLike(node)) return false;
  return node.parameters.some(
    (parameter) => getEntityType(context, checker.getTypeAtLocation(parameter))?.state === 'locked',
  );
}
