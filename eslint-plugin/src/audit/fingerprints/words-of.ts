import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';

/**
 * The words of some code, without anything that a formatter changes: white space, comments, quotes, parentheses, commas and
 * semicolons.
 */
export function wordsOf({ ts }: ProgramContext, node: ts.Node): string {
  const words: string[] = [];
  const visit = (part: ts.Node): void => {
    if (ts.isStringLiteralLike(part)) words.push(part.text);
    else if (isWritten(ts, part)) words.push(part.getText());
    else for (const child of part.getChildren()) visit(child);
  };
  visit(node);
  return words.join(' ');
}

/** A token that a formatter neither adds nor takes away. */
function isWritten(typescript: typeof ts, node: ts.Node): boolean {
  if (node.getChildCount() > 0) return false;
  const { SyntaxKind } = typescript;
  const isOfFormat =
    node.kind === SyntaxKind.OpenParenToken ||
    node.kind === SyntaxKind.CloseParenToken ||
    node.kind === SyntaxKind.CommaToken ||
    node.kind === SyntaxKind.SemicolonToken ||
    node.kind === SyntaxKind.SyntaxList;
  return !isOfFormat;
}
