import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';

/** The smallest node of a file that holds everything between two offsets. */
export function nodeBetween(
  { ts }: ProgramContext,
  file: ts.SourceFile,
  start: number,
  end: number,
): ts.Node {
  let found: ts.Node = file;
  const visit = (node: ts.Node): void => {
    if (node.getStart(file) > start || node.getEnd() < end) return;
    found = node;
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return found;
}
