import type ts from 'typescript';
import { getCalledName, isNamespaceCall } from '../../program/called-name.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { containsLocked } from '../../vocabulary/contained-state.js';
import { getTypeArguments } from '../forged/type-facts.js';
import { getRoot } from '../locks/assigned-places.js';
import { getDeclaration } from '../locks/value-origin.js';

/** A call that puts values into an object without asking for its type. */
export interface UntypedWrite {
  readonly call: ts.CallExpression;
  readonly target: ts.Expression;
  /** The properties that are given, with their values; `null` for a name that is not known. */
  readonly values: readonly {
    readonly name: string | null;
    readonly value: ts.Expression;
    /** Its elements are given, not itself. */
    readonly isList?: boolean;
  }[];
}

const REFLECTION = /^(?:assign|set|defineProperty|defineProperties|setPrototypeOf)$/;
const SETTERS: ReadonlySet<string> = new Set([
  'assign',
  'assignIn',
  'defaults',
  'defaultsDeep',
  'extend',
  'merge',
  'mergeWith',
  'set',
  'setWith',
  'update',
]);

/** What a call writes in such a way; `null` when it does not. */
export function getUntypedWrite(
  context: ProgramContext,
  call: ts.CallExpression,
): UntypedWrite | null {
  const { ts } = context;
  const called = getCalledName(context, call);
  if (!called?.receiver) return null;
  const isBuiltIn =
    isNamespaceCall(context, called, 'Object') || isNamespaceCall(context, called, 'Reflect');
  const [target, ...rest] = call.arguments.filter((argument) => !ts.isSpreadElement(argument));
  // `Reflect.apply(Map.prototype.set, held, [id, row])`
  if (called.name === 'apply' && isNamespaceCall(context, called, 'Reflect')) {
    const [self, list] = rest;
    return self && list ? { call, target: self, values: getElements(context, list) } : null;
  }
  if (isBuiltIn ? REFLECTION.test(called.name) : isSetterOfPackage(context, called)) {
    if (!target) return null;
    return { call, target, values: getValues(context, called.name, rest) };
  }
  // `Array.prototype.push.call(list, item)`
  const isBorrowed =
    (called.name === 'call' || called.name === 'apply') &&
    ts.isPropertyAccessExpression(called.receiver) &&
    isPrototype(context, called.receiver.expression);
  if (!isBorrowed || !target) return null;
  const [list] = rest;
  const isApplied = called.name === 'apply' && list !== undefined;
  const values = isApplied
    ? getElements(context, list)
    : rest.map((value) => ({ name: null, value }));
  return { call, target, values };
}

/** The arguments that stand in a list. */
function getElements(context: ProgramContext, list: ts.Expression): UntypedWrite['values'] {
  const { ts } = context;
  const inner = unwrapExpression(context, list);
  return ts.isArrayLiteralExpression(inner)
    ? inner.elements.map((element) =>
        ts.isSpreadElement(element)
          ? { name: null, value: element.expression, isList: true }
          : { name: null, value: element },
      )
    : [{ name: null, value: list, isList: true }];
}

function isPrototype(context: ProgramContext, node: ts.Expression): boolean {
  const { ts } = context;
  const inner = unwrapExpression(context, node);
  if (ts.isPropertyAccessExpression(inner)) return inner.name.text === 'prototype';
  return ts.isArrayLiteralExpression(inner) && inner.elements.length === 0;
}

/** `_.set(context, 'account', seen)`, of a package. */
function isSetterOfPackage(
  { ts, checker }: ProgramContext,
  { name, receiver, node }: { name: string; receiver: ts.Expression | null; node: ts.Node },
): boolean {
  if (!SETTERS.has(name) || !receiver || !ts.isIdentifier(receiver)) return false;
  const declaration = checker.getSymbolAtLocation(node)?.declarations?.[0];
  if (!declaration?.getSourceFile().isDeclarationFile) return false;
  const owner = checker.getSymbolAtLocation(receiver);
  return owner !== undefined && (owner.flags & ts.SymbolFlags.Alias) !== 0;
}

function getValues(
  context: ProgramContext,
  name: string,
  rest: readonly ts.Expression[],
): UntypedWrite['values'] {
  const { ts } = context;
  const isByKey = /^(?:set|setWith|update|defineProperty)$/.test(name);
  if (!isByKey) return rest.flatMap((source) => getMembers(context, source));
  const [key, value] = rest;
  if (!key || !value) return [];
  return [{ name: ts.isStringLiteralLike(key) ? key.text : null, value: getDefined(ts, value) }];
}

/** The value in a descriptor, if that is one. */
function getDefined(typescript: typeof ts, node: ts.Expression): ts.Expression {
  if (!typescript.isObjectLiteralExpression(node)) return node;
  const value = node.properties.find((property) => property.name?.getText() === 'value');
  if (!value) return node;
  if (typescript.isPropertyAssignment(value)) return value.initializer;
  return typescript.isShorthandPropertyAssignment(value) ? value.name : node;
}

function getMembers(context: ProgramContext, source: ts.Expression): UntypedWrite['values'] {
  const { ts } = context;
  const inner = unwrapExpression(context, source);
  if (!ts.isObjectLiteralExpression(inner)) return [{ name: null, value: source }];
  return inner.properties.flatMap((property): UntypedWrite['values'] => {
    if (ts.isSpreadAssignment(property)) return [{ name: null, value: property.expression }];
    const name = property.name?.getText() ?? null;
    if (ts.isPropertyAssignment(property)) {
      return [{ name, value: getDefined(ts, property.initializer) }];
    }
    return ts.isShorthandPropertyAssignment(property) ? [{ name, value: property.name }] : [];
  });
}

type Writes = ReadonlyMap<ts.Declaration, readonly UntypedWrite[]>;

const writes = new WeakMap<ts.SourceFile, Writes>();

/** Where something else than a lock is put into what a name holds, by a call that asks for no type; `null` when nowhere. */
export function findReplacement(context: ProgramContext, name: ts.Identifier): ts.Node | null {
  const inFile = getWrites(context, name.getSourceFile());
  if (inFile.size === 0) return null;
  const declaration = getDeclaration(context, name);
  const found =
    declaration &&
    inFile
      .get(declaration)
      ?.find((write) => !isIn(write.call, name) && replacesLock(context, write));
  return found?.call ?? null;
}

/** The call itself does not read what it is about to put there. */
function isIn(outer: ts.Node, inner: ts.Node): boolean {
  return inner.pos >= outer.pos && inner.end <= outer.end;
}

function getWrites(context: ProgramContext, file: ts.SourceFile): Writes {
  const known = writes.get(file);
  if (known) return known;
  const { ts } = context;
  const found = new Map<ts.Declaration, UntypedWrite[]>();
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return;
    if (ts.isCallExpression(node)) {
      const write = getUntypedWrite(context, node);
      const root = write && getRoot(context, write.target);
      const declaration = root && ts.isIdentifier(root) && getDeclaration(context, root);
      if (write && declaration) {
        const list = found.get(declaration);
        if (list) list.push(write);
        else found.set(declaration, [write]);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  writes.set(file, found);
  return found;
}

/** Whether a write puts something else where the target has a lock. */
function replacesLock(context: ProgramContext, write: UntypedWrite): boolean {
  const { ts, checker } = context;
  const target = checker.getNonNullableType(checker.getTypeAtLocation(write.target));
  if (!containsLocked(context, target)) return false;
  return write.values.some(({ name, value, isList }) => {
    const whole = checker.getTypeAtLocation(value);
    const given = isList
      ? (checker.getIndexTypeOfType(whole, ts.IndexKind.Number) ?? whole)
      : whole;
    if (name !== null) {
      const property = target.getProperty(name);
      const wanted = property
        ? checker.getTypeOfSymbol(property)
        : checker.getIndexInfosOfType(target).at(-1)?.type;
      return wanted ? isOther(wanted, given) : false;
    }
    if (checker.isArrayType(target) || checker.getIndexInfosOfType(target).length > 0) {
      const wanted = checker.getIndexInfosOfType(target).at(-1)?.type;
      return wanted ? isOther(wanted, given) : false;
    }
    const held = getTypeArguments(context, target);
    if (held.length > 0) return held.some((wanted) => isOther(wanted, given));
    return target.getProperties().some((property) => {
      const wanted = checker.getTypeOfSymbol(property);
      const other = given.getProperty(property.name);
      return other ? isOther(wanted, checker.getTypeOfSymbol(other)) : isOther(wanted, given);
    });
  });

  function isOther(wanted: ts.Type, given: ts.Type): boolean {
    if (!containsLocked(context, wanted)) return false;
    if (given.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return true;
    if (!(given.flags & (ts.TypeFlags.Object | ts.TypeFlags.Union | ts.TypeFlags.Intersection))) {
      return false;
    }
    return !checker.isTypeAssignableTo(given, wanted) && given.getCallSignatures().length === 0;
  }
}
