import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';

/** One call of a chain such as `db.update(users).set(…).where(…)`. */
export interface Link {
  readonly name: string;
  readonly args: readonly ts.Expression[];
}

/** A chain of calls, each on what the one before returned. */
export interface Chain {
  /** What the first call is made on; `null` for `knex('users')`. */
  readonly root: ts.Expression | null;
  readonly links: readonly Link[];
}

const PROMISE: ReadonlySet<string> = new Set(['then', 'catch', 'finally']);

/** How far a query that is put together in steps is followed back. */
const DEPTH = 3;

/** The chain that ends with a call; `null` when the chain goes on after it. */
export function getChain(context: ProgramContext, node: ts.CallExpression): Chain | null {
  return isContinued(context, node) ? null : unroll(context, node, DEPTH);
}

function isContinued({ ts }: ProgramContext, node: ts.Node): boolean {
  let { parent } = node;
  while (ts.isNonNullExpression(parent) || ts.isParenthesizedExpression(parent)) {
    ({ parent } = parent);
  }
  return (
    ts.isPropertyAccessExpression(parent) &&
    ts.isCallExpression(parent.parent) &&
    parent.parent.expression === parent &&
    !PROMISE.has(parent.name.text)
  );
}

function unroll(context: ProgramContext, node: ts.CallExpression, depth: number): Chain {
  const { ts } = context;
  const links: Link[] = [];
  let inner: ts.Expression = node;
  while (ts.isCallExpression(inner)) {
    const callee: ts.Expression = unwrapExpression(context, inner.expression);
    const args = inner.arguments;
    if (ts.isPropertyAccessExpression(callee)) {
      links.unshift({ name: callee.name.text, args });
      inner = unwrapExpression(context, callee.expression);
    } else if (ts.isIdentifier(callee)) {
      links.unshift({ name: callee.text, args });
      return { root: null, links };
    } else {
      // `(tx ?? db)('users')`
      links.unshift({ name: '', args });
      return { root: null, links };
    }
  }
  const begun = depth > 0 ? findBeginning(context, inner, depth) : null;
  return begun ? { root: begun.root, links: [...begun.links, ...links] } : { root: inner, links };
}

/** `let query = db.selectFrom('users'); if (…) query = query.where(…);` before `query.execute()`. */
function findBeginning(context: ProgramContext, node: ts.Expression, depth: number): Chain | null {
  const { ts, checker } = context;
  if (!ts.isIdentifier(node)) return null;
  const symbol = checker.getSymbolAtLocation(node);
  const declaration = symbol?.valueDeclaration;
  if (!declaration || !ts.isVariableDeclaration(declaration)) return null;
  const initial = declaration.initializer && unwrapExpression(context, declaration.initializer);
  if (!initial || !ts.isCallExpression(initial)) return null;
  const begun = unroll(context, initial, depth - 1);
  const isConstant = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  if (isConstant) return begun;
  const further = findAssigned(context, node, declaration).flatMap(
    (value) => unroll(context, value, 0).links,
  );
  return { root: begun.root, links: [...begun.links, ...further] };
}

/** What is assigned to the variable of a query before a use, in the same function. */
function findAssigned(
  { ts, checker }: ProgramContext,
  use: ts.Identifier,
  declaration: ts.VariableDeclaration,
): readonly ts.CallExpression[] {
  const found: ts.CallExpression[] = [];
  const symbol = checker.getSymbolAtLocation(use);
  const visit = (node: ts.Node): void => {
    if (node.pos > use.pos) return;
    if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      ts.isIdentifier(node.left) &&
      node.left.text === use.text &&
      ts.isCallExpression(node.right) &&
      checker.getSymbolAtLocation(node.left) === symbol
    ) {
      found.push(node.right);
    }
    ts.forEachChild(node, visit);
  };
  visit(declaration.parent.parent.parent);
  return found;
}

/** The arguments of all calls of a name. */
export function argumentsOf({ links }: Chain, ...names: readonly string[]) {
  return links.filter(({ name }) => names.includes(name)).map(({ args }) => args);
}

/** The last call of one of some names. */
export function linkOf({ links }: Chain, ...names: readonly string[]): Link | undefined {
  return links.findLast(({ name }) => names.includes(name));
}
