import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type ts from 'typescript';
import type { ProgramContext } from './program-context.js';

const NODE_MODULES = '/node_modules/';

/** The package that a declaration comes from: by its file, or by the `declare module` around it. */
export function getDeclaringPackage(
  { ts }: ProgramContext,
  declaration: ts.Declaration,
): string | null {
  for (let at: ts.Node = declaration; !ts.isSourceFile(at); at = at.parent)
    if (ts.isModuleDeclaration(at) && ts.isStringLiteral(at.name)) return toPackage(at.name.text);
  return getFilePackage(declaration.getSourceFile().fileName);
}

/** The package of a file under `node_modules`; packages of types stand for what they describe. */
export function getFilePackage(fileName: string): string | null {
  const start = fileName.lastIndexOf(NODE_MODULES);
  if (start < 0) return null;
  const name = toPackage(fileName.slice(start + NODE_MODULES.length));
  if (name === '.prisma/client') return '@prisma/client';
  return name.startsWith('@types/') ? toDescribedPackage(name.slice('@types/'.length)) : name;
}

/**
 * The package of a file by the nearest `package.json` with a name, wherever the file lies: a workspace, a link, a copy.
 * What it says is read once for a program.
 */
export function getNearestPackage(program: ts.Program, fileName: string): string | null {
  let folders = packages.get(program);
  if (!folders) packages.set(program, (folders = new Map<string, string | null>()));
  return findNearest(folders, dirname(fileName));
}

const packages = new WeakMap<ts.Program, Map<string, string | null>>();

function findNearest(folders: Map<string, string | null>, folder: string): string | null {
  const known = folders.get(folder);
  if (known !== undefined) return known;
  const parent = dirname(folder);
  const result =
    readPackageName(folder) ?? (parent === folder ? null : findNearest(folders, parent));
  folders.set(folder, result);
  return result;
}

/** The name in a folder's `package.json`; `null` when it has none, or one without a name. */
function readPackageName(folder: string): string | null {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return null;
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof content !== 'object' || content === null || !('name' in content)) return null;
    return typeof content.name === 'string' ? content.name : null;
  } catch {
    return null;
  }
}

function toPackage(path: string): string {
  const [first = '', second = ''] = path.split('/', 2);
  return first.startsWith('@') || first === '.prisma' ? `${first}/${second}` : first;
}

function toDescribedPackage(name: string): string {
  return name.includes('__') ? `@${name.replace('__', '/')}` : name;
}
