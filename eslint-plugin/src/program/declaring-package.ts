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

function toPackage(path: string): string {
  const [first = '', second = ''] = path.split('/', 2);
  return first.startsWith('@') || first === '.prisma' ? `${first}/${second}` : first;
}

function toDescribedPackage(name: string): string {
  return name.includes('__') ? `@${name.replace('__', '/')}` : name;
}
