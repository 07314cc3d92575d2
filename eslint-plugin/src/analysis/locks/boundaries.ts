import type ts from 'typescript';
import { getFunctions } from '../../program/callee.js';
import {
  getArgument,
  getCalledName,
  isDeclaredOutside,
  isNamespaceCall,
  type CalledName,
} from '../../program/called-name.js';
import { isLocked } from '../../vocabulary/contained-state.js';
import { getDeclaredSymbol } from '../../program/class-index.js';
import type { ProgramContext } from '../../program/program-context.js';
import { isDeclaredByRuntime } from '../../program/runtime-package.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';

/** A value that a node hands to something which turns it into text or bytes, or sends it away. */
export interface Crossing {
  readonly kind: 'json' | 'encoder' | 'message';
  readonly operand: ts.Expression;
}

/** Methods of other people's objects that send their arguments away, or answer with them. */
const SENDING_METHODS: ReadonlySet<string> = new Set([
  'add',
  'addJob',
  'broadcast',
  'dispatch',
  'emit',
  'enqueue',
  'json',
  'postMessage',
  'produce',
  'publish',
  'reply',
  'respond',
  'send',
  'sendMessage',
  'sendToQueue',
  'write',
]);

/** What a node sends across a boundary; it says nothing of the types. */
export function getCrossings(context: ProgramContext, node: ts.Node): readonly Crossing[] {
  const { ts } = context;
  if (ts.isBinaryExpression(node)) return getAnswer(context, node);
  if (!ts.isCallExpression(node)) return [];
  const called = getCalledName(context, node);
  if (!called) return [];
  if (called.name === 'stringify' && isNamespaceCall(context, called, 'JSON')) {
    return toCrossings('json', getArgument(context, node, 0));
  }
  const printed = getPrintedAsJson(context, node, called);
  if (printed.length > 0) return printed;
  if (called.name === 'serialize' && isDeclaredOutside(context, called.node)) {
    return toCrossings('message', getArgument(context, node, 0));
  }
  if (isEncoder(context, called)) {
    return toCrossings('encoder', getArgument(context, node, 0));
  }
  if (!SENDING_METHODS.has(called.name) || !isForeign(context, called)) return [];
  return node.arguments.flatMap((argument) => toCrossings('message', argument));
}

/** `console.log('%j', account)`, `util.format('%j', account)` */
function getPrintedAsJson(
  { ts }: ProgramContext,
  node: ts.CallExpression,
  { name, receiver }: CalledName,
): readonly Crossing[] {
  const isConsole = receiver !== null && ts.isIdentifier(receiver) && receiver.text === 'console';
  if (!isConsole && name !== 'format' && name !== 'formatWithOptions') return [];
  const index = node.arguments.findIndex(ts.isStringLiteralLike);
  const format = node.arguments[index];
  if (!format || !ts.isStringLiteralLike(format)) return [];
  const placeholders = format.text.match(/%[a-zA-Z]/g) ?? [];
  return placeholders.flatMap((placeholder, place) => {
    const operand = node.arguments[index + 1 + place];
    return placeholder === '%j' && operand ? toCrossings('json', operand) : [];
  });
}

/** `context.body = …`, as a web framework sends it. */
function getAnswer(context: ProgramContext, node: ts.BinaryExpression): readonly Crossing[] {
  const { ts } = context;
  if (node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return [];
  const target = unwrapExpression(context, node.left);
  if (!ts.isPropertyAccessExpression(target) || target.name.text !== 'body') return [];
  const declaration = getDeclaredSymbol(context, target.name)?.declarations?.[0];
  const isOfPackage = declaration?.getSourceFile().isDeclarationFile ?? false;
  return isOfPackage ? toCrossings('message', node.right) : [];
}

function toCrossings(kind: Crossing['kind'], operand: ts.Expression | null): readonly Crossing[] {
  return operand ? [{ kind, operand }] : [];
}

/** `encode` of the runtime, under whatever name it was imported. */
function isEncoder(context: ProgramContext, { name, node, receiver }: CalledName): boolean {
  if (name !== 'encode' && receiver !== null) return false;
  const symbol = getDeclaredSymbol(context, node);
  const declaration = symbol?.name === 'encode' ? symbol.declarations?.[0] : undefined;
  return declaration !== undefined && isDeclaredByRuntime(context.program, declaration);
}

/** Whether the program has no body for a function: it is a package's, or a port that something outside implements. */
function isForeign(context: ProgramContext, { node }: CalledName): boolean {
  const { program } = context;
  const declaration = getDeclaredSymbol(context, node)?.declarations?.[0];
  if (!declaration || isDeclaredByRuntime(program, declaration)) return false;
  const file = declaration.getSourceFile();
  if (isContainer(declaration) && program.isSourceFileDefaultLibrary(file)) return false;
  if (demandsLock(context, declaration)) return false;
  return getFunctions(context, node).length === 0;
}

/** A member of a type of the program that demands the lock itself is called where the lock is. */
function demandsLock(context: ProgramContext, declaration: ts.Declaration): boolean {
  const { ts, checker } = context;
  if (!ts.isPropertySignature(declaration) && !ts.isPropertyDeclaration(declaration)) return false;
  const signatures = checker.getTypeAtLocation(declaration).getCallSignatures();
  return signatures.some(
    ({ parameters: [first] }) =>
      first !== undefined && isLocked(context, checker.getTypeOfSymbol(first)),
  );
}

/** `add` of a `Set` keeps its argument here. */
function isContainer(declaration: ts.Declaration): boolean {
  const owner = declaration.parent as Partial<ts.InterfaceDeclaration> | undefined;
  return /Set$|Map$|Array$/.test(owner?.name?.text ?? '');
}
