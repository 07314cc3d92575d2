import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import type ts from 'typescript';
import { findLockUse, findLockUseOnLine } from '../../analysis/forged/suppressions.js';
import type { ProgramContext } from '../../program/program-context.js';

interface SuppressedUse {
  readonly comment: TSESTree.Comment;
  /** With its `@`. */
  readonly directive: string;
  /** The first use of a lock that the comment hides from the compiler. */
  readonly use: ts.Node;
}

/** The comments of a file behind which the compiler does not check a use of a lock. */
export function getSuppressedUses(
  context: ProgramContext,
  file: ts.SourceFile,
  sourceCode: Readonly<TSESLint.SourceCode>,
): readonly SuppressedUse[] {
  const found: SuppressedUse[] = [];
  for (const comment of sourceCode.getAllComments()) {
    const directive = DIRECTIVE.exec(comment.value)?.[1];
    if (directive === undefined) continue;
    const use =
      directive === '@ts-nocheck'
        ? findLockUse(context, file, 0, file.end)
        : findLockUseOnLine(context, file, nextCodeLine(sourceCode, comment));
    if (use) found.push({ comment, directive, use });
  }
  return found;
}

const DIRECTIVE = /^[\s*/]*(@ts-(?:ignore|expect-error|nocheck))\b/;

/** The line to which a comment applies, counted from 0: the next one with code. */
function nextCodeLine(
  sourceCode: Readonly<TSESLint.SourceCode>,
  comment: TSESTree.Comment,
): number {
  const token = sourceCode.getTokenAfter(comment, { includeComments: false });
  return (token?.loc.start.line ?? comment.loc.end.line + 1) - 1;
}
