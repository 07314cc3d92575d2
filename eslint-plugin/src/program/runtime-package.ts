import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type ts from 'typescript';

const RUNTIME = '@justscale/runtime';

const runtimeFiles = new WeakMap<ts.Program, Map<string, boolean>>();

/** Whether a declaration belongs to `@justscale/runtime`: by the nearest `package.json`, never by a name. */
export function isDeclaredByRuntime(program: ts.Program, declaration: ts.Declaration): boolean {
  return isRuntimeFile(program, declaration.getSourceFile().fileName);
}

/** Whether a file is the runtime's own: where locks come from. */
export function isRuntimeSource(program: ts.Program, file: ts.SourceFile): boolean {
  return isRuntimeFile(program, file.fileName);
}

/** Whether any file of a program belongs to the runtime; without one, no rule about it has anything to say. */
export function usesRuntime(program: ts.Program): boolean {
  const known = users.get(program);
  if (known !== undefined) return known;
  const answer = program.getSourceFiles().some((file) => isRuntimeFile(program, file.fileName));
  users.set(program, answer);
  return answer;
}

const users = new WeakMap<ts.Program, boolean>();

function isRuntimeFile(program: ts.Program, fileName: string): boolean {
  let folders = runtimeFiles.get(program);
  if (!folders) runtimeFiles.set(program, (folders = new Map<string, boolean>()));
  return isRuntimeFolder(folders, dirname(fileName));
}

function isRuntimeFolder(folders: Map<string, boolean>, folder: string): boolean {
  const known = folders.get(folder);
  if (known !== undefined) return known;
  const answer = readPackageName(folder);
  const parent = dirname(folder);
  const result =
    answer === undefined
      ? parent !== folder && isRuntimeFolder(folders, parent)
      : answer === RUNTIME;
  folders.set(folder, result);
  return result;
}

/** The name in a folder's `package.json`; `undefined` when it has none, or one without a name. */
function readPackageName(folder: string): string | undefined {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return undefined;
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof content !== 'object' || content === null || !('name' in content)) return undefined;
    return typeof content.name === 'string' ? content.name : undefined;
  } catch {
    return undefined;
  }
}
