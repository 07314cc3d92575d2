import type ts from 'typescript';
import { getFunctions, hasBody, type FunctionWithBody } from '../../program/callee.js';
import { getCalledName } from '../../program/called-name.js';
import { getDeclaredSymbol } from '../../program/class-index.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';

/** What a caller hands over: a parameter of a function, or a property of what is given to it. */
interface Place {
  readonly parameter: ts.ParameterDeclaration;
  readonly property: string | null;
}

/** The functions that callers in the program hand over, for the name of a parameter or of a property of one. */
export function getGivenFunctions(
  context: ProgramContext,
  callee: ts.Expression,
): readonly FunctionWithBody[] {
  const place = getPlace(context, callee);
  if (!place) return [];
  const { parameter, property } = place;
  const owner = parameter.parent;
  const index = owner.parameters.indexOf(parameter);
  return getCallsOf(context, owner).flatMap((call) => {
    const argument = call.arguments[index];
    const given =
      argument && property !== null ? getProperty(context, argument, property) : argument;
    return given ? getFunctionsIn(context, given) : [];
  });
}

function getPlace(context: ProgramContext, callee: ts.Expression): Place | null {
  const { ts } = context;
  if (ts.isPropertyAccessExpression(callee)) {
    const parameter = getDeclaration(context, callee.expression);
    return parameter && ts.isParameter(parameter)
      ? { parameter, property: callee.name.text }
      : null;
  }
  const declaration = getDeclaration(context, callee);
  if (!declaration) return null;
  if (ts.isParameter(declaration)) return { parameter: declaration, property: null };
  if (!ts.isBindingElement(declaration)) return null;
  const { parent: pattern, propertyName, name } = declaration;
  const parameter = pattern.parent;
  return ts.isParameter(parameter)
    ? { parameter, property: (propertyName ?? name).getText() }
    : null;
}

function getDeclaration(context: ProgramContext, name: ts.Node): ts.Declaration | undefined {
  return getDeclaredSymbol(context, name)?.valueDeclaration;
}

function getProperty(
  context: ProgramContext,
  argument: ts.Expression,
  name: string,
): ts.Node | undefined {
  const { ts } = context;
  const literal = unwrapExpression(context, argument);
  if (!ts.isObjectLiteralExpression(literal)) return undefined;
  const property = literal.properties.find((one) => one.name?.getText() === name);
  return property && ts.isPropertyAssignment(property) ? property.initializer : property;
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

/** The calls in the program that surely call a function. */
function getCallsOf(
  context: ProgramContext,
  owner: ts.SignatureDeclaration,
): readonly ts.CallExpression[] {
  const { ts } = context;
  const named = owner.name ?? (owner.parent as Partial<ts.NamedDeclaration> | undefined)?.name;
  if (!named || !ts.isIdentifier(named)) return [];
  return (getCalls(context).get(named.text) ?? []).filter((call) => {
    const called = getCalledName(context, call);
    return called && getFunctions(context, called.node).some((target) => target === owner);
  });
}

const programs = new WeakMap<ProgramContext, ReadonlyMap<string, readonly ts.CallExpression[]>>();

/** All calls of the program that hand something over, by what they call. */
function getCalls(context: ProgramContext): ReadonlyMap<string, readonly ts.CallExpression[]> {
  const known = programs.get(context);
  if (known) return known;
  const { ts } = context;
  const calls = new Map<string, ts.CallExpression[]>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.arguments.length > 0) {
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
