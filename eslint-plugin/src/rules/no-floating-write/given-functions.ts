import type ts from 'typescript';
import { getFunctions, hasBody, type FunctionWithBody } from '../../program/callee.js';
import { getCalledName } from '../../program/called-name.js';
import { getDeclaredSymbol } from '../../program/class-index.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';

type Call = ts.CallExpression | ts.NewExpression;

/** How many names and fields a function is followed through. */
const DEPTH = 4;

/**
 * The functions that the program hands over, for what is called: a parameter, a property of one, a field that a constructor
 * fills with one, an element of a list.
 */
export function getGivenFunctions(
  context: ProgramContext,
  callee: ts.Expression,
): readonly FunctionWithBody[] {
  return getGiven(context, callee, DEPTH).flatMap((node) => getFunctionsIn(context, node));
}

/** The expressions that a name or field gets its value from, in other functions. */
function getGiven(
  context: ProgramContext,
  callee: ts.Expression,
  depth: number,
): readonly ts.Node[] {
  const { ts } = context;
  if (depth === 0) return [];
  const inner = unwrapExpression(context, callee);
  if (ts.isPropertyAccessExpression(inner)) {
    const { expression, name } = inner;
    // `work.call(null, id)`
    if (/^(?:call|apply)$/.test(name.text))
      return [expression, ...getGiven(context, expression, depth)];
    const owner = getDeclaration(context, expression);
    if (owner && ts.isParameter(owner)) return getArguments(context, owner, name.text);
  }
  const declaration = getDeclaration(
    context,
    ts.isPropertyAccessExpression(inner) ? inner.name : inner,
  );
  if (!declaration) return [];
  if (ts.isParameter(declaration)) return getArguments(context, declaration, null);
  if (ts.isPropertyDeclaration(declaration)) {
    return getAssigned(context, declaration).flatMap((value) =>
      getGiven(context, value, depth - 1),
    );
  }
  if (ts.isVariableDeclaration(declaration)) return getElements(context, declaration, depth);
  if (!ts.isBindingElement(declaration)) return [];
  const { parent: pattern, propertyName, name } = declaration;
  const parameter = pattern.parent;
  return ts.isParameter(parameter)
    ? getArguments(context, parameter, (propertyName ?? name).getText())
    : [];
}

/** What callers hand over for a parameter, or as a property of it. */
function getArguments(
  context: ProgramContext,
  parameter: ts.ParameterDeclaration,
  property: string | null,
): readonly ts.Node[] {
  const owner = parameter.parent;
  const index = owner.parameters.indexOf(parameter);
  return getCallsOf(context, owner).flatMap((call) => {
    const argument = call.arguments?.[index];
    if (!argument) return [];
    return property === null ? [argument] : getProperty(context, argument, property);
  });
}

/** The parameters of its class's constructor that a field is assigned. */
function getAssigned(
  context: ProgramContext,
  field: ts.PropertyDeclaration,
): readonly ts.Expression[] {
  const { ts } = context;
  const constructor = field.parent.members.find(ts.isConstructorDeclaration);
  return (constructor?.body?.statements ?? []).flatMap((statement) => {
    if (!ts.isExpressionStatement(statement)) return [];
    const { expression } = statement;
    const isAssigned =
      ts.isBinaryExpression(expression) &&
      ts.isPropertyAccessExpression(expression.left) &&
      getDeclaration(context, expression.left.name) === field;
    return isAssigned ? [expression.right] : [];
  });
}

/** What the program puts into the list that a loop goes through. */
function getElements(
  context: ProgramContext,
  element: ts.VariableDeclaration,
  depth: number,
): readonly ts.Node[] {
  const { ts } = context;
  const loop = element.parent.parent;
  if (!ts.isForOfStatement(loop)) return [];
  const list = getDeclaration(context, getName(context, loop.expression));
  const puts = [...(getCalls(context).get('push') ?? []), ...(getCalls(context).get('add') ?? [])];
  return puts.flatMap((call) => {
    const receiver = getCalledName(context, call)?.receiver;
    const [value] = call.arguments ?? [];
    if (!list || !receiver || !value) return [];
    if (getDeclaration(context, getName(context, receiver)) !== list) return [];
    return [value, ...getGiven(context, value, depth - 1)];
  });
}

function getName({ ts }: ProgramContext, expression: ts.Expression): ts.Node {
  return ts.isPropertyAccessExpression(expression) ? expression.name : expression;
}

function getDeclaration(context: ProgramContext, name: ts.Node): ts.Declaration | undefined {
  return getDeclaredSymbol(context, name)?.valueDeclaration;
}

function getProperty(
  context: ProgramContext,
  argument: ts.Expression,
  name: string,
): readonly ts.Node[] {
  const { ts } = context;
  const literal = unwrapExpression(context, argument);
  if (!ts.isObjectLiteralExpression(literal)) return [];
  const property = literal.properties.find((one) => one.name?.getText() === name);
  if (!property) return [];
  return [ts.isPropertyAssignment(property) ? property.initializer : property];
}

function getFunctionsIn(context: ProgramContext, node: ts.Node): readonly FunctionWithBody[] {
  const { ts } = context;
  const inner = ts.isExpression(node) ? unwrapExpression(context, node) : node;
  if (hasBody(context, inner)) return [inner];
  if (ts.isShorthandPropertyAssignment(inner)) {
    const declaration = context.checker.getShorthandAssignmentValueSymbol(inner)?.valueDeclaration;
    return declaration && hasBody(context, declaration) ? [declaration] : [];
  }
  return getFunctions(context, ts.isPropertyAccessExpression(inner) ? inner.name : inner);
}

/** The calls in the program that surely call a function, or construct what a constructor makes. */
function getCallsOf(context: ProgramContext, owner: ts.SignatureDeclaration): readonly Call[] {
  const { ts } = context;
  const holder = ts.isConstructorDeclaration(owner) ? owner.parent : owner;
  const named = holder.name ?? (holder.parent as Partial<ts.NamedDeclaration> | undefined)?.name;
  if (!named || !ts.isIdentifier(named)) return [];
  return (getCalls(context).get(named.text) ?? []).filter((call) => {
    const called = getCalledName(context, call);
    if (!called) return false;
    return ts.isNewExpression(call)
      ? getDeclaration(context, called.node) === holder
      : getFunctions(context, called.node).some((target) => target === owner);
  });
}

const programs = new WeakMap<ProgramContext, ReadonlyMap<string, readonly Call[]>>();

/** All calls of the program that hand something over, by what they call. */
function getCalls(context: ProgramContext): ReadonlyMap<string, readonly Call[]> {
  const known = programs.get(context);
  if (known) return known;
  const { ts } = context;
  const calls = new Map<string, Call[]>();
  const visit = (node: ts.Node): void => {
    if (
      (ts.isCallExpression(node) || ts.isNewExpression(node)) &&
      (node.arguments?.length ?? 0) > 0
    ) {
      const name = getCalledName(context, node)?.name;
      const others = name === undefined ? undefined : calls.get(name);
      if (others) others.push(node);
      else if (name !== undefined) calls.set(name, [node]);
    }
    ts.forEachChild(node, visit);
  };
  for (const file of context.program.getSourceFiles()) if (!file.isDeclarationFile) visit(file);
  programs.set(context, calls);
  return calls;
}
