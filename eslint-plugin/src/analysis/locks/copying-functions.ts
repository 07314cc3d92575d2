import type ts from 'typescript';
import { getCalledName, isDeclaredOutside } from '../../program/called-name.js';
import type { ProgramContext } from '../../program/program-context.js';

/** Functions of packages that return a copy of their first argument, by their names. */
export const COPYING_FUNCTIONS: readonly string[] = [
  'clone',
  'cloneDeep',
  'cloneDeepWith',
  'cloneWith',
  'copy',
  'deepClone',
  'deepCopy',
  'klona',
  'produce',
  'rfdc',
];

/** Whether a call copies its first argument. */
export function isCopyingFunction(
  context: ProgramContext,
  call: ts.CallExpression,
  names: ReadonlySet<string> = new Set(COPYING_FUNCTIONS),
): boolean {
  const called = getCalledName(context, call);
  if (!called) return false;
  if (called.name === 'structuredClone') return true;
  return names.has(called.name) && isDeclaredOutside(context, called.node);
}
