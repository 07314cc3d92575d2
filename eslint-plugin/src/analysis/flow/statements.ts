import type ts from 'typescript';
import { isForeignStream } from '../../program/foreign-work.js';
import { decidedOn } from './conditions.js';
import type { Flow, Test } from './flow.js';
import { ANY_ELEMENT, eachElement } from './identity.js';
import { elementValue } from './iteration.js';
import { reportPending } from './pending.js';
import { elementAt } from './properties.js';
import { conditionsUntil, withoutSkips, type Exit } from './state.js';
import { UNKNOWN, unionReads, withChoices, type Read, type Value } from './value.js';

/** Loops in loops run once: what a second round shows, the outer one shows as well. */
const ROUNDS = 2;

export function runStatement(flow: Flow, node: ts.Statement): void {
  const { ts } = flow.context;
  const { SyntaxKind } = ts;
  switch (node.kind) {
    case SyntaxKind.Block:
      return void runStatements(flow, (node as ts.Block).statements);
    case SyntaxKind.ExpressionStatement:
      return void runExpression(flow, (node as ts.ExpressionStatement).expression);
    case SyntaxKind.VariableStatement:
      return void runDeclarations(flow, (node as ts.VariableStatement).declarationList);
    case SyntaxKind.IfStatement:
      return void runIf(flow, node as ts.IfStatement);
    case SyntaxKind.ReturnStatement:
      return void runReturn(flow, node as ts.ReturnStatement);
    case SyntaxKind.ThrowStatement:
      flow.evaluate((node as ts.ThrowStatement).expression);
      return void flow.set({ exit: 'throw' });
    case SyntaxKind.BreakStatement:
    case SyntaxKind.ContinueStatement:
      return void flow.set({ exit: 'loop' });
    case SyntaxKind.ForStatement:
    case SyntaxKind.WhileStatement:
    case SyntaxKind.DoStatement:
    case SyntaxKind.ForOfStatement:
    case SyntaxKind.ForInStatement:
      return void runLoop(flow, node as ts.IterationStatement);
    case SyntaxKind.TryStatement:
      return void runTry(flow, node as ts.TryStatement);
    case SyntaxKind.SwitchStatement:
      return void runSwitch(flow, node as ts.SwitchStatement);
    case SyntaxKind.LabeledStatement:
      return void flow.run((node as ts.LabeledStatement).statement);
    case SyntaxKind.ExportAssignment:
      flow.evaluate((node as unknown as ts.ExportAssignment).expression);
      return;
    case SyntaxKind.FunctionDeclaration:
      flow.remember(node as unknown as ts.FunctionDeclaration);
      return;
    case SyntaxKind.ClassDeclaration:
      return void rememberMembers(flow, node as unknown as ts.ClassDeclaration);
    default:
      return;
  }
}

export function runStatements(flow: Flow, statements: readonly ts.Statement[]): void {
  for (const statement of statements) {
    if (flow.exit && !flow.context.ts.isFunctionDeclaration(statement)) continue;
    flow.run(statement);
  }
}

function rememberMembers(flow: Flow, node: ts.ClassDeclaration): void {
  for (const member of node.members) {
    if (flow.context.ts.isFunctionLike(member)) flow.remember(member);
  }
}

function runExpression(flow: Flow, expression: ts.Expression): void {
  const { ts, checker } = flow.context;
  flow.evaluate(expression);
  if (!ts.isCallExpression(expression)) return;
  if (checker.getTypeAtLocation(expression).flags & ts.TypeFlags.Never) {
    flow.set({ exit: 'throw' });
  }
}

export function runDeclarations(flow: Flow, list: ts.VariableDeclarationList): void {
  for (const declaration of list.declarations) {
    const value = declaration.initializer ? flow.evaluate(declaration.initializer) : UNKNOWN;
    flow.bind(declaration.name, value);
  }
}

function runIf(flow: Flow, node: ts.IfStatement): void {
  const test = flow.test(node.expression);
  const whenTrue = flow.fork(() => {
    flow.assume(test, true);
    flow.run(node.thenStatement);
  });
  const whenFalse = flow.fork(() => {
    flow.assume(test, false);
    if (node.elseStatement) flow.run(node.elseStatement);
  });
  flow.join(test, whenTrue, whenFalse);
}

function runReturn(flow: Flow, node: ts.ReturnStatement): void {
  const frame = flow.frames.at(-1);
  const value = node.expression ? flow.evaluate(node.expression) : UNKNOWN;
  frame?.returned.push(withChoices(value, readsOfReturn(flow)));
  frame?.heldAtReturn.push(...flow.held);
  flow.set({ exit: 'return' });
}

/** What the choice of this `return` was decided on: it is in the result, too. */
export function readsOfReturn(flow: Flow): readonly Read[] {
  const frame = flow.frames.at(-1);
  let reads: readonly Read[] = [];
  for (const condition of conditionsUntil(flow.conditions, frame?.conditions ?? null)) {
    if (condition.kind !== 'throw') reads = unionReads(reads, condition.reads);
  }
  return reads;
}

function runLoop(flow: Flow, node: ts.IterationStatement): void {
  prepareLoop(flow, node);
  const { loops: outer, path, scope } = flow;
  const rounds = outer.length > 0 ? 1 : ROUNDS;
  flow.within({ loops: [...outer, { node, path, scope, isConcurrent: false }] }, () => {
    for (let round = 0; round < rounds; round += 1) runRound(flow, node);
  });
}

function prepareLoop(flow: Flow, node: ts.IterationStatement): void {
  const { ts } = flow.context;
  if (!ts.isForStatement(node) || !node.initializer) return;
  if (ts.isVariableDeclarationList(node.initializer)) runDeclarations(flow, node.initializer);
  else flow.evaluate(node.initializer);
}

function runRound(flow: Flow, node: ts.IterationStatement): void {
  const test = beginRound(flow, node);
  const body = flow.fork(() => {
    flow.assume(test.test, true);
    if (test.element) bindLoopVariable(flow, node as ts.ForOfStatement, test.element);
    flow.run(node.statement);
    const { ts } = flow.context;
    if (ts.isForStatement(node) && node.incrementor) flow.evaluate(node.incrementor);
  });
  const exit: Exit | null = body.exit === 'loop' ? null : body.exit;
  flow.join(
    test.test,
    { ...body, exit, conditions: withoutSkips(body.conditions, flow.conditions) },
    flow.fork(() => {}),
  );
}

function beginRound(
  flow: Flow,
  node: ts.IterationStatement,
): { readonly test: Test; readonly element: Value | null } {
  const { ts } = flow.context;
  if (ts.isForOfStatement(node) || ts.isForInStatement(node)) {
    let iterated = flow.evaluate(node.expression);
    if (ts.isForOfStatement(node) && node.awaitModifier)
      iterated = awaitItems(flow, node, iterated);
    const element = ts.isForOfStatement(node) ? elementValue(iterated) : UNKNOWN;
    return { test: { ...always(node), reads: decidedOn(iterated) }, element };
  }
  const condition = ts.isForStatement(node)
    ? node.condition
    : (node as ts.WhileStatement | ts.DoStatement).expression;
  return { test: condition ? flow.test(condition) : always(node), element: null };
}

/** `for await` waits for each of its items. */
function awaitItems(flow: Flow, node: ts.ForOfStatement, iterated: Value): Value {
  const { expression } = node;
  if (flow.held.length > 0 && iterated.isSignalStream === true) {
    const site = flow.site(expression);
    const { path: workPath, held } = flow;
    flow.facts.slowWaits.push({ work: expression, workPath, site, held, kind: 'signals' });
  }
  if (flow.held.length === 0 || !isForeignStream(flow.context, expression)) {
    return reportPending(flow, expression, iterated);
  }
  const own = { node: expression, path: flow.path, awaitedUnder: null };
  return reportPending(flow, expression, { ...iterated, pending: [...iterated.pending, own] });
}

function bindLoopVariable(flow: Flow, node: ts.ForOfStatement, element: Value): void {
  const { ts } = flow.context;
  const { initializer } = node;
  if (ts.isVariableDeclarationList(initializer)) {
    for (const { name } of initializer.declarations) {
      flow.bind(name, ts.isIdentifier(name) ? namedElement(flow, name, element) : element);
    }
  } else {
    flow.assign(initializer, element);
  }
}

/** "Any element" becomes the one that the loop's variable names. */
function namedElement(flow: Flow, name: ts.Identifier, element: Value): Value {
  const symbol = flow.context.checker.getSymbolAtLocation(name);
  if (!symbol || element.identity?.element?.accessor !== ANY_ELEMENT) return element;
  return elementAt({ ...UNKNOWN, element }, eachElement(flow.context.idOf(symbol)), name);
}

function always(node: ts.Node): Test {
  return { node, reads: [], absentWhenTrue: [], absentWhenFalse: [], isOrdering: false };
}

function runTry(flow: Flow, node: ts.TryStatement): void {
  const attempt = flow.fork(() => {
    flow.run(node.tryBlock);
  });
  const { catchClause } = node;
  if (catchClause) {
    const handled = flow.fork(() => {
      if (catchClause.variableDeclaration) flow.bind(catchClause.variableDeclaration.name, UNKNOWN);
      flow.run(catchClause.block);
    });
    flow.join(always(node), attempt, handled);
  } else {
    flow.resume(attempt);
  }
  if (!node.finallyBlock) return;
  const { exit } = flow;
  flow.set({ exit: null });
  flow.run(node.finallyBlock);
  flow.set({ exit: flow.exit ?? exit });
}

function runSwitch(flow: Flow, node: ts.SwitchStatement): void {
  const { ts } = flow.context;
  const subject = flow.test(node.expression);
  for (const clause of node.caseBlock.clauses) {
    const label = ts.isCaseClause(clause) ? flow.evaluate(clause.expression) : UNKNOWN;
    const test: Test = { ...subject, reads: unionReads(subject.reads, label.reads) };
    const taken = flow.fork(() => {
      flow.assume(test, true);
      runStatements(flow, clause.statements);
      if (flow.exit === 'loop') flow.set({ exit: null });
    });
    const skipped = flow.fork(() => {
      flow.assume(test, false);
    });
    flow.join(test, taken, skipped);
    if (flow.exit) return;
  }
}
