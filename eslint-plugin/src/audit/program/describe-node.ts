import type ts from 'typescript';
import type { AuditedProgram } from './audited-program.js';

/** `at src/orders.ts:12`, for the middle of a sentence. */
export function describeNode({ uriOf }: AuditedProgram, node: ts.Node): string {
  const file = node.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
  return `at ${uriOf(file.fileName)}:${line + 1}`;
}
