import type ts from 'typescript';
import { getOperation } from '../../vocabulary/operation.js';
import type { ProgramContext } from '../../program/program-context.js';

/** `rooms.lockMany([a, b])` for `Promise.all([rooms.lock(a), rooms.lock(b)])`; `null` for anything else. */
export function getLockManyRewrite(context: ProgramContext, node: ts.Node): string | null {
  const { ts } = context;
  if (!ts.isCallExpression(node) || node.expression.getText() !== 'Promise.all') return null;
  const [list] = node.arguments;
  if (!list || !ts.isArrayLiteralExpression(list)) return null;
  const receivers = new Set<string>();
  const refs: string[] = [];
  for (const element of list.elements) {
    if (!ts.isCallExpression(element) || element.arguments.length !== 1) return null;
    if (getOperation(context, element)?.name !== 'lock') return null;
    if (!ts.isPropertyAccessExpression(element.expression)) return null;
    receivers.add(element.expression.expression.getText());
    refs.push(...element.arguments.map((argument) => argument.getText()));
  }
  const [receiver] = receivers;
  if (receiver === undefined || receivers.size !== 1) return null;
  return `${receiver}.lockMany([${refs.join(', ')}])`;
}
