import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import { findQueries, findTransactions, getClient, getNamed } from './transaction-work.js';

/** Queries of one transaction that are all begun before any of them is waited for. */
export interface ParallelQueries {
  readonly node: ts.CallExpression;
  readonly client: string;
}

const COMBINATORS: ReadonlySet<string> = new Set(['all', 'allSettled', 'race', 'any']);

export function findParallelQueries(
  context: ProgramContext,
  file: ts.SourceFile,
): readonly ParallelQueries[] {
  const { ts } = context;
  const found = new Map<ts.Node, ParallelQueries>();
  for (const { work, client } of findTransactions(context, file)) {
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && isCombinator(context, node)) {
        const queries = findQueries(context, node).filter(
          (query) => getNamed(context, getClient(context, query)) === client,
        );
        const isMany =
          queries.length > 1 || queries.some((query) => isRepeated(context, query, node));
        if (isMany) found.set(node, { node, client: client.name });
      }
      ts.forEachChild(node, visit);
    };
    visit(work.body);
  }
  return [...found.values()];
}

function isCombinator({ ts }: ProgramContext, { expression }: ts.CallExpression): boolean {
  return (
    ts.isPropertyAccessExpression(expression) &&
    expression.expression.getText() === 'Promise' &&
    COMBINATORS.has(expression.name.text)
  );
}

/** Whether a query is in a callback, such as that of `map`, which runs for each element. */
function isRepeated({ ts }: ProgramContext, query: ts.Node, until: ts.Node): boolean {
  return (
    ts.findAncestor(query, (node) => (node === until ? 'quit' : ts.isFunctionLike(node))) !==
    undefined
  );
}
