import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import type { Isolation, TransactionEffect } from '../effect.js';

/** `db.transaction(async (tx) => …, { isolationLevel: 'serializable' })`: the function, and what the options say. */
export function toTransaction(
  { ts }: ProgramContext,
  node: ts.CallExpression,
  text = node.arguments.filter((argument) => !ts.isFunctionLike(argument)),
): TransactionEffect | null {
  const work = node.arguments.find(
    (argument) => ts.isArrowFunction(argument) || ts.isFunctionExpression(argument),
  );
  if (!work) return null;
  const isolation = isolationOf(text.map((argument) => argument.getText()).join(' '));
  return { kind: 'transaction', work, clientParameter: 0, isolation, others: [] };
}

/** The level that options name, as the libraries spell it. */
export function isolationOf(text: string): Isolation {
  if (/serializable/i.test(text)) return 'serializable';
  return /repeatable[\s_]*read/i.test(text) ? 'repeatable read' : 'read committed';
}
