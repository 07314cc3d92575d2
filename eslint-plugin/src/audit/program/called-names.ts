import type ts from 'typescript';
import { getCalledName } from '../../program/called-name.js';
import type { AuditedProgram } from './audited-program.js';

const programs = new WeakMap<AuditedProgram, ReadonlySet<string>>();

/** The names by which a program calls anything. */
export function getCalledNames(program: AuditedProgram): ReadonlySet<string> {
  let known = programs.get(program);
  if (!known) programs.set(program, (known = collect(program)));
  return known;
}

function collect({ context, files }: AuditedProgram): ReadonlySet<string> {
  const { ts } = context;
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const called = getCalledName(context, node);
      if (called) found.add(called.name);
    }
    ts.forEachChild(node, visit);
  };
  for (const file of files) visit(file);
  return found;
}
