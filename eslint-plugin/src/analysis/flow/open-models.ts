import type ts from 'typescript';
import type { OpenEffect } from '../../vocabulary/effect.js';
import type { Flow } from './flow.js';
import type { Frame } from './state.js';

/**
 * The model that an effect is on, where only values tell: the class or table that its owner is. For the slot of a class
 * or of a factory of queries of which nothing else is known, the object whose method was called stands for its table.
 */
export function getOpenModel(flow: Flow, { owner, library, isSlot }: OpenEffect): string | null {
  const { identity } = flow.evaluate(owner);
  for (const origin of identity?.origins ?? []) {
    const name = nameOf(flow, origin, isSlot === true);
    if (name !== null) return `${library}:${name}`;
  }
  if (isSlot !== true) return null;
  const text = identity && textOf(identity.key);
  if (text != null) return `${library}:${text}`;
  const receiver = getReceiver(flow, owner);
  return receiver === null ? null : `${library}:${receiver}`;
}

function nameOf({ context: { ts } }: Flow, origin: ts.Node, isSlot: boolean): string | null {
  if (ts.isClassLike(origin)) return origin.name?.text ?? null;
  if (isSlot && ts.isImportSpecifier(origin)) return (origin.propertyName ?? origin.name).text;
  return null;
}

/** The text of a constant, by its name. */
function textOf(key: string): string | null {
  return key.startsWith('"') ? (JSON.parse(key) as string) : null;
}

/** What the method was called on that runs inside of the class or factory with the slot. */
function getReceiver(flow: Flow, owner: ts.Expression): string | null {
  const { ts } = flow.context;
  const container = getContainer(flow, owner);
  let index = flow.frames.findIndex(({ node }) => node !== container && isWithin(node, container));
  while (index >= 0) {
    const frame = flow.frames[index];
    const receiver = frame && receiverOf(flow, frame);
    if (receiver && receiver.kind !== ts.SyntaxKind.ThisKeyword)
      return nameOfObject(flow, receiver);
    if (index === 0) return nameOfRoot(flow, container);
    // Its own methods were called on `this`: whoever called the first of them tells.
    do index -= 1;
    while (index > 0 && ts.isArrowFunction(flow.frames[index]?.node ?? container));
  }
  return null;
}

/** The class, or the function with the parameter, that is around a slot. */
function getContainer({ context: { ts, checker } }: Flow, owner: ts.Expression): ts.Node {
  const declaration = checker.getSymbolAtLocation(owner)?.declarations?.[0];
  const isOwn = declaration && ts.isIdentifier(owner);
  const found = ts.findAncestor(isOwn ? declaration : owner, (node) =>
    isOwn ? ts.isFunctionLike(node) : ts.isClassLike(node),
  );
  return found ?? owner;
}

function isWithin(node: ts.Node, container: ts.Node): boolean {
  return (
    node.getSourceFile() === container.getSourceFile() &&
    node.pos >= container.pos &&
    node.end <= container.end
  );
}

function receiverOf({ context: { ts } }: Flow, { call }: Frame): ts.Expression | null {
  if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return null;
  const { expression } = call.expression;
  return expression.kind === ts.SyntaxKind.SuperKeyword ? null : expression;
}

function nameOfObject({ context: { ts, checker } }: Flow, receiver: ts.Expression): string | null {
  const { symbol } = checker.getTypeAtLocation(receiver);
  if (symbol?.valueDeclaration && ts.isClassLike(symbol.valueDeclaration)) return symbol.name;
  if (ts.isPropertyAccessExpression(receiver)) return receiver.name.text;
  return ts.isIdentifier(receiver) ? receiver.text : null;
}

/** A method that is analysed by itself works on the table of its class, whichever that is. */
function nameOfRoot({ root, context: { ts } }: Flow, container: ts.Node): string | null {
  const owner = ts.findAncestor(root, ts.isClassLike);
  if (owner?.name) return owner.name.text;
  return isWithin(root, container) ? 'this' : null;
}
