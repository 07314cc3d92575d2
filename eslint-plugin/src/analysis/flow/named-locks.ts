import type ts from 'typescript';
import { getCalledName } from '../../program/called-name.js';
import type { ProgramContext } from '../../program/program-context.js';
import { getImportOrigin } from '../../program/value-origin.js';

/** A function that locks names, in Redis or elsewhere: `withLock(key, work)`. One of the program is followed instead. */
const NAME_LOCKING =
  /^(?:lock(?:Until|For|While|And|On)?[A-Z]\w*|\w*(?:[wW]ith|[uU]nder|[uU]sing|[iI]n|[rR]un)\w*Lock(?:ed)?)$/;

/** Packages whose locks hold for every process, and what takes one. */
const PACKAGES: ReadonlySet<string> = new Set([
  'redlock',
  '@sesamecare-oss/redlock',
  'redis-semaphore',
  'redis-lock',
]);
const TAKING: ReadonlySet<string> = new Set(['acquire', 'lock']);

/** Whether a call runs its callback under a name that it is given before, and locks for all processes. */
export function locksNameAround(context: ProgramContext, node: ts.CallExpression): boolean {
  if (node.arguments.length < 2) return false;
  const name = getCalledName(context, node)?.name ?? '';
  return NAME_LOCKING.test(name) || (name === 'using' && isOfLockPackage(context, node));
}

/** Whether a name is locked from a call on. */
export function locksName(context: ProgramContext, node: ts.CallExpression): boolean {
  return TAKING.has(getCalledName(context, node)?.name ?? '') && isOfLockPackage(context, node);
}

function isOfLockPackage(context: ProgramContext, { expression }: ts.CallExpression): boolean {
  const module = getImportOrigin(context, expression)?.module;
  return module !== undefined && PACKAGES.has(module);
}
