import type ts from 'typescript';
import { getCalledName } from '../../program/called-name.js';
import { getFunctions, type FunctionWithBody } from '../../program/callee.js';
import { getEffect } from '../../vocabulary/effects.js';
import type { ProgramContext } from '../../program/program-context.js';
import { findQueries, findTransactions, getClient, getNamed } from './transaction-work.js';

/** A query inside the callback of a transaction that is made on the client outside of it. */
export interface OuterClient {
  readonly node: ts.CallExpression;
  readonly outer: string;
  readonly inner: string;
}

export function findOuterClients(
  context: ProgramContext,
  file: ts.SourceFile,
): readonly OuterClient[] {
  const found = new Map<ts.Node, OuterClient>();
  for (const { call, work, client } of findTransactions(context, file)) {
    const outer = getClient(context, call);
    const named = getNamed(context, outer);
    if (!named || named === client) continue;
    for (const node of findQueries(context, work.body)) {
      const used = getClient(context, node);
      if (getNamed(context, used) !== named || isGiven(context, node, client)) continue;
      found.set(node, { node, outer: used.getText(), inner: client.name });
    }
    for (const node of findEscapes(context, work.body, named)) {
      if (isGiven(context, node, client) || found.has(node)) continue;
      found.set(node, { node, outer: outer.getText(), inner: client.name });
    }
  }
  return [...found.values()];
}

/** Calls of functions of the program that write on the outer client. */
function findEscapes(
  context: ProgramContext,
  body: ts.Node,
  outer: ts.Symbol,
): readonly ts.CallExpression[] {
  const { ts } = context;
  const found: ts.CallExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const called = getCalledName(context, node);
      const isEscape =
        called !== null &&
        ts.isIdentifier(called.node) &&
        getFunctions(context, called.node).some((callee) => writesOn(context, callee, outer));
      if (isEscape) found.push(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}

function writesOn(context: ProgramContext, { body }: FunctionWithBody, outer: ts.Symbol): boolean {
  return findQueries(context, body).some(
    (query) =>
      getEffect(context, query)?.kind !== 'read' &&
      getNamed(context, getClient(context, query)) === outer,
  );
}

/** Whether a query is told its transaction in its arguments or its chain: `.transacting(trx)`, `{ transaction }`. */
function isGiven({ ts, checker }: ProgramContext, node: ts.Node, client: ts.Symbol): boolean {
  const visit = (inner: ts.Node): boolean => {
    if (ts.isIdentifier(inner) && inner.text === client.name) {
      const symbol = ts.isShorthandPropertyAssignment(inner.parent)
        ? checker.getShorthandAssignmentValueSymbol(inner.parent)
        : checker.getSymbolAtLocation(inner);
      if (symbol === client) return true;
    }
    return ts.forEachChild(inner, (child) => visit(child) || undefined) ?? false;
  };
  return visit(node);
}
