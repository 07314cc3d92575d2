import type ts from 'typescript';
import { getEffect } from '../../vocabulary/effects.js';
import type { ProgramContext } from '../../program/program-context.js';
import { isForeign } from '../../vocabulary/model-name.js';
import type { Effect } from '../../vocabulary/effect.js';

/** The callback of a transaction of a library, and what it is begun on. */
export interface TransactionWork {
  readonly call: ts.CallExpression;
  readonly work: ts.ArrowFunction | ts.FunctionExpression;
  /** The parameter whose queries belong to the transaction. */
  readonly client: ts.Symbol;
}

/** The transactions in a file whose queries are told by a parameter of their callback. */
export function findTransactions(
  context: ProgramContext,
  file: ts.SourceFile,
): readonly TransactionWork[] {
  const { ts, checker } = context;
  const found: TransactionWork[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const effect = getEffect(context, node);
      if (effect?.kind === 'transaction' && effect.work && effect.clientParameter !== null) {
        const { work } = effect;
        const isFunction = ts.isArrowFunction(work) || ts.isFunctionExpression(work);
        const name = isFunction ? work.parameters[effect.clientParameter]?.name : undefined;
        const client =
          name && ts.isIdentifier(name) ? checker.getSymbolAtLocation(name) : undefined;
        if (isFunction && client) found.push({ call: node, work, client });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The queries that a node makes itself, without those of functions that it only names. */
export function findQueries(context: ProgramContext, node: ts.Node): readonly ts.CallExpression[] {
  const { ts } = context;
  const found: ts.CallExpression[] = [];
  const visit = (inner: ts.Node): void => {
    if (ts.isCallExpression(inner) && isQuery(getEffect(context, inner))) found.push(inner);
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return found;
}

function isQuery(effect: Effect | null): boolean {
  if (effect === null) return false;
  if (effect.kind === 'sequence') return effect.effects.some(isQuery);
  return 'model' in effect && isForeign(effect.model);
}

/** What the chain of a call begins with: `db` of `db.user.update(…)`, `this.db` of `this.db.select()`. */
export function getClient({ ts }: ProgramContext, call: ts.CallExpression): ts.Expression {
  let node: ts.Expression = call;
  for (;;) {
    if (ts.isCallExpression(node) || ts.isNonNullExpression(node)) node = node.expression;
    else if (
      ts.isPropertyAccessExpression(node) &&
      node.expression.kind !== ts.SyntaxKind.ThisKeyword
    ) {
      node = node.expression;
    } else return node;
  }
}

/** What a node names, for comparing two of them. */
export function getNamed({ ts, checker }: ProgramContext, node: ts.Expression): ts.Symbol | null {
  const name = ts.isPropertyAccessExpression(node) ? node.name : node;
  return checker.getSymbolAtLocation(name) ?? null;
}
