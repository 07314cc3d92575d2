import type ts from 'typescript';
import { getNearestPackage } from './declaring-package.js';

const RUNTIME = '@justscale/runtime';

/** Whether a declaration belongs to `@justscale/runtime`: by the nearest `package.json`, never by a name. */
export function isDeclaredByRuntime(program: ts.Program, declaration: ts.Declaration): boolean {
  return isRuntimeSource(program, declaration.getSourceFile());
}

/** Whether a file is the runtime's own: where locks come from. */
export function isRuntimeSource(program: ts.Program, file: ts.SourceFile): boolean {
  return getNearestPackage(program, file.fileName) === RUNTIME;
}

/** Whether any file of a program belongs to the runtime; without one, no rule about it has anything to say. */
export function usesRuntime(program: ts.Program): boolean {
  const known = users.get(program);
  if (known !== undefined) return known;
  const answer = program.getSourceFiles().some((file) => isRuntimeSource(program, file));
  users.set(program, answer);
  return answer;
}

const users = new WeakMap<ts.Program, boolean>();
