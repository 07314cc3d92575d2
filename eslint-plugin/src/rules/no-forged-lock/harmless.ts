import type { TSESTree } from '@typescript-eslint/utils';

const HARMLESS: ReadonlySet<string> = new Set([
  'ArrayExpression',
  'BinaryExpression',
  'Literal',
  'ObjectExpression',
  'TemplateLiteral',
  'UnaryExpression',
  'UpdateExpression',
]);

/** An expression that has a type of its own which is no lock, or whose parts are checked by themselves: the cheap test before the types are asked. */
export function isHarmless({ type }: TSESTree.Node): boolean {
  return HARMLESS.has(type);
}
