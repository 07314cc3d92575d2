import type ts from 'typescript';
import {
  getArgument,
  getCalledName,
  isDeclaredOutside,
  isNamespaceCall,
} from '../../program/called-name.js';
import { getDeclaredSymbol } from '../../program/class-index.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { isAssignment } from './writes-into.js';

/** A value that a node puts somewhere where it stays. */
export interface Stored {
  /** Where it is put: a variable, or what an object or container is reached by. */
  readonly place: ts.Expression;
  readonly value: ts.Expression;
  readonly isContainer: boolean;
  /** It is taken out of the value by a pattern. */
  readonly isPart: boolean;
  /** It is there only as long as a callback runs: `storage.run(value, work)`. */
  readonly isScoped?: boolean;
}

/** The methods of containers that keep what they are given. */
const KEEPING_METHODS: ReadonlySet<string> = new Set([
  'push',
  'unshift',
  'splice',
  'fill',
  'set',
  'add',
  'append',
  'enqueue',
  'put',
]);

/** What a node stores: by assignment, by a container's method, by `Object.assign` and its like. */
export function getStored(context: ProgramContext, node: ts.Node): readonly Stored[] {
  const { ts } = context;
  if (ts.isBinaryExpression(node)) {
    return isAssignment(context, node) ? getAssigned(context, node.left, node.right, false) : [];
  }
  if (!ts.isCallExpression(node)) return [];
  const called = getCalledName(context, node);
  if (!called?.receiver) return [];
  const { name, receiver } = called;
  const isReflection =
    isNamespaceCall(context, called, 'Object') || isNamespaceCall(context, called, 'Reflect');
  if (isReflection) {
    const place = getArgument(context, node, 0);
    if (!place || !/^(?:assign|set|define)/.test(name)) return [];
    return node.arguments
      .slice(1)
      .map((value) => ({ place, value, isContainer: true, isPart: false }));
  }
  if (isOfProgram(context, called.node)) return [];
  if (isImported(context, receiver)) return getStoredByFunction(context, node, name);
  if (!KEEPING_METHODS.has(name)) return getKept(context, node, receiver);
  const values = isWeakContainer(context, receiver) ? node.arguments.slice(1) : node.arguments;
  return values.map((value) => ({
    place: receiver,
    value: ts.isSpreadElement(value) ? value.expression : value,
    isContainer: true,
    isPart: false,
  }));
}

/** `_` of lodash: what it is given stays in what it is given. */
function isImported({ ts, checker }: ProgramContext, receiver: ts.Expression): boolean {
  if (!ts.isIdentifier(receiver)) return false;
  const symbol = checker.getSymbolAtLocation(receiver);
  if (!symbol || !(symbol.flags & ts.SymbolFlags.Alias)) return false;
  const declaration = checker.getAliasedSymbol(symbol).declarations?.[0];
  if (!declaration?.getSourceFile().isDeclarationFile) return false;
  return (
    checker.getTypeAtLocation(receiver).getCallSignatures().length > 0 ||
    ts.isSourceFile(declaration)
  );
}

/** `_.set(target, path, value)` */
function getStoredByFunction(
  { ts }: ProgramContext,
  node: ts.CallExpression,
  name: string,
): readonly Stored[] {
  if (!/^(?:set|setWith|assign|extend|merge|defaults)$/.test(name)) return [];
  const [place, ...values] = node.arguments;
  if (!place || ts.isSpreadElement(place)) return [];
  return values
    .filter((value) => !ts.isSpreadElement(value))
    .map((value) => ({ place, value, isContainer: true, isPart: false }));
}

const READING_METHODS =
  /^(?:delete|equals|find|has|includes|indexOf|is|lastIndexOf|remove|without)/;

/**
 * What a method of a generic class of a package takes that the class holds: `subject.next(value)` of a `Subject<T>`, where
 * the parameter is a `T`.
 */
function getKept(
  context: ProgramContext,
  call: ts.CallExpression,
  receiver: ts.Expression,
): readonly Stored[] {
  const { ts, checker } = context;
  const declaration = checker.getResolvedSignature(call)?.declaration;
  const owner = declaration?.parent;
  if (!declaration || !owner || ts.isJSDocSignature(declaration)) return [];
  if (!ts.isClassDeclaration(owner) && !ts.isInterfaceDeclaration(owner)) return [];
  if (READING_METHODS.test(declaration.name?.getText() ?? '')) return [];
  const isScoped = declaration.parameters.some(
    ({ type }) => type !== undefined && ts.isFunctionTypeNode(type),
  );
  const names = (owner.typeParameters ?? []).map(({ name }) => name.text);
  return declaration.parameters.flatMap(({ type }, index) => {
    const value = call.arguments[index];
    const isHeld =
      type !== undefined && ts.isTypeReferenceNode(type) && names.includes(type.typeName.getText());
    if (!isHeld || !value || ts.isSpreadElement(value)) return [];
    return [{ place: receiver, value, isContainer: true, isPart: false, isScoped }];
  });
}

/** The variables and properties that an assignment's target names, in patterns too. */
function getAssigned(
  context: ProgramContext,
  target: ts.Expression,
  value: ts.Expression,
  isPart: boolean,
): readonly Stored[] {
  const { ts } = context;
  const inner = unwrapExpression(context, target);
  if (ts.isArrayLiteralExpression(inner)) {
    return inner.elements.flatMap((element) => getAssigned(context, element, value, true));
  }
  if (ts.isObjectLiteralExpression(inner)) {
    return inner.properties.flatMap((property) => {
      if (ts.isPropertyAssignment(property)) {
        return getAssigned(context, property.initializer, value, true);
      }
      return ts.isShorthandPropertyAssignment(property)
        ? getAssigned(context, property.name, value, true)
        : [];
    });
  }
  return ts.isOmittedExpression(inner) ? [] : [{ place: inner, value, isContainer: false, isPart }];
}

/** A method of the program is looked at by itself; only those of packages and of the language are containers. */
function isOfProgram(context: ProgramContext, name: ts.Node): boolean {
  const symbol = getDeclaredSymbol(context, name);
  return symbol !== undefined && !isDeclaredOutside(context, name);
}

/** A key that is held weakly keeps nothing alive, and is found by who has it already. */
export function isWeakContainer({ checker }: ProgramContext, receiver: ts.Expression): boolean {
  const name = checker.getTypeAtLocation(receiver).symbol?.name;
  return name === 'WeakMap' || name === 'WeakSet';
}

/** The object or variable that a place belongs to: `cache` of `cache.accounts[id]`. */
export function getRoot(context: ProgramContext, place: ts.Expression): ts.Expression {
  const { ts } = context;
  let root = unwrapExpression(context, place);
  while (ts.isPropertyAccessExpression(root) || ts.isElementAccessExpression(root)) {
    root = unwrapExpression(context, root.expression);
  }
  return root;
}

/** The class or object whose `this` a node means; `null` in a constructor, where it is still being made. */
export function getThisOwner({ ts }: ProgramContext, node: ts.Node): ts.Node | null {
  for (let outer = node.parent; outer; outer = outer.parent) {
    if (ts.isConstructorDeclaration(outer)) return null;
    if (ts.isClassLike(outer)) return outer;
    const isPlainFunction = ts.isFunctionLike(outer) && !ts.isArrowFunction(outer);
    if (isPlainFunction && ts.isObjectLiteralExpression(outer.parent)) return outer.parent;
    if (ts.isFunctionDeclaration(outer) || ts.isFunctionExpression(outer)) return outer;
  }
  return null;
}
