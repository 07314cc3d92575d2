import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import { containsLocked } from '../../vocabulary/contained-state.js';
import { getRepositoryModel } from '../../vocabulary/entity-type.js';
import { demandsLock, isAny } from '../forged/type-facts.js';
import { getUntypedWrite } from './holder-writes.js';

/**
 * What a call puts other methods into that hand out locks or demand them: the prototype of a class, a service, a
 * repository. `null` when it does not.
 */
export function findPatched(
  context: ProgramContext,
  call: ts.CallExpression,
): ts.Expression | null {
  const write = getUntypedWrite(context, call);
  if (!write) return null;
  const { checker } = context;
  const { target } = write;
  const type = checker.getNonNullableType(checker.getTypeAtLocation(target));
  const isPatched = write.values.some(({ name, value }) => {
    const given = checker.getTypeAtLocation(value);
    const names = name === null ? given.getProperties().map((p) => p.name) : [name];
    return names.some((member) => {
      const property = type.getProperty(member);
      if (!property) return false;
      const wanted = checker.getTypeOfSymbol(property);
      if (wanted.getCallSignatures().length === 0 || !isAboutLocks(context, type, wanted)) {
        return false;
      }
      const other = name === null ? given.getProperty(member) : undefined;
      const replacement = other ? checker.getTypeOfSymbol(other) : given;
      return isAny(context, replacement) || !checker.isTypeAssignableTo(replacement, wanted);
    });
  });
  return isPatched ? target : null;
}

function isAboutLocks(context: ProgramContext, owner: ts.Type, method: ts.Type): boolean {
  return (
    getRepositoryModel(context, owner) !== null ||
    containsLocked(context, method, 'results') ||
    demandsLock(context, method)
  );
}
