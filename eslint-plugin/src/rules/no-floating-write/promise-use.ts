import { AST_NODE_TYPES, TSESLint, type TSESTree } from '@typescript-eslint/utils';

/** How a promise is lost. */
export type Loss =
  /** Its value is not used. */
  | 'dropped'
  /** Marked with `void`. */
  | 'void'
  /** Only its rejection is handled: nobody waits for it. */
  | 'handled'
  /** It takes part in a race that may end without it. */
  | 'raced'
  /** It is in an array that nobody waits for, or that is awaited as an array. */
  | 'array'
  /** A variable holds it, and nothing waits for that variable. */
  | 'variable'
  /** It is what a callback returns to something that does not wait for it. */
  | 'callback';

export interface PromiseUse {
  readonly loss: Loss;
  /** The expression at which it is lost. */
  readonly node: TSESTree.Node;
}

interface Search {
  readonly scopes: Pick<TSESLint.SourceCode, 'getScope'>;
  /** The promises are the elements of the expression's array. */
  readonly isArray: boolean;
  readonly isHandled: boolean;
  readonly depth: number;
}

/** Variables that hold variables end here; nobody writes longer chains. */
const DEEPEST_VARIABLE = 4;

/**
 * Follows a promise from the expression that makes it to whoever waits for it.
 *
 * @returns how it is lost, or `null` when somebody waits for it or it goes where this cannot see
 */
export function findLoss(
  node: TSESTree.Expression,
  scopes: Pick<TSESLint.SourceCode, 'getScope'>,
  isArray = false,
): PromiseUse | null {
  return follow(node, { scopes, isArray, isHandled: false, depth: 0 });
}

function follow(node: TSESTree.Node, search: Search): PromiseUse | null {
  const { parent } = node;
  if (!parent) return null;
  switch (parent.type) {
    case AST_NODE_TYPES.AwaitExpression:
      return search.isArray ? lost('array', parent) : null;
    case AST_NODE_TYPES.ExpressionStatement:
      return lost(search.isHandled ? 'handled' : search.isArray ? 'array' : 'dropped', node);
    case AST_NODE_TYPES.UnaryExpression:
      return lost(parent.operator === 'void' ? voidLoss(search) : 'dropped', parent);
    case AST_NODE_TYPES.ChainExpression:
    case AST_NODE_TYPES.TSAsExpression:
    case AST_NODE_TYPES.TSNonNullExpression:
    case AST_NODE_TYPES.TSSatisfiesExpression:
    case AST_NODE_TYPES.TSTypeAssertion:
      return follow(parent, search);
    case AST_NODE_TYPES.ConditionalExpression:
      return parent.test === node ? lost('dropped', node) : follow(parent, search);
    case AST_NODE_TYPES.LogicalExpression:
      return followLogical(parent, node, search);
    case AST_NODE_TYPES.SequenceExpression:
      return parent.expressions.at(-1) === node ? follow(parent, search) : lost('dropped', node);
    case AST_NODE_TYPES.IfStatement:
    case AST_NODE_TYPES.WhileStatement:
    case AST_NODE_TYPES.DoWhileStatement:
      return lost('dropped', node);
    case AST_NODE_TYPES.MemberExpression:
      return followMember(parent, node, search);
    case AST_NODE_TYPES.ArrayExpression:
      return follow(parent, { ...search, isArray: true });
    case AST_NODE_TYPES.SpreadElement:
      return follow(parent, search);
    case AST_NODE_TYPES.CallExpression:
      return followArgument(parent, node, search);
    case AST_NODE_TYPES.VariableDeclarator:
      return followDeclaration(parent, search);
    default:
      return null;
  }
}

function lost(loss: Loss, node: TSESTree.Node): PromiseUse {
  return { loss, node };
}

function voidLoss({ isHandled }: Search): Loss {
  return isHandled ? 'handled' : 'void';
}

function followLogical(
  parent: TSESTree.LogicalExpression,
  node: TSESTree.Node,
  search: Search,
): PromiseUse | null {
  if (parent.left === node && parent.operator === '&&') return lost('dropped', node);
  return follow(parent, search);
}

/** `promise.then(…)` goes on in the call's value; `array.length` waits for nothing. */
function followMember(
  parent: TSESTree.MemberExpression,
  node: TSESTree.Node,
  search: Search,
): PromiseUse | null {
  if (parent.object !== node) return null;
  const call = parent.parent;
  const isCalled = call.type === AST_NODE_TYPES.CallExpression && call.callee === parent;
  if (search.isArray) return isCalled ? null : lost('array', node);
  if (!isCalled || parent.property.type !== AST_NODE_TYPES.Identifier) return null;
  const { name } = parent.property;
  const isHandler =
    (name === 'catch' && call.arguments.length > 0) ||
    (name === 'then' && call.arguments.length > 1);
  return follow(call, { ...search, isHandled: search.isHandled || isHandler });
}

const WAITING_COMBINATORS: ReadonlySet<string> = new Set(['all', 'allSettled', 'resolve']);
const RACING_COMBINATORS: ReadonlySet<string> = new Set(['race', 'any']);

function followArgument(
  call: TSESTree.CallExpression,
  node: TSESTree.Node,
  search: Search,
): PromiseUse | null {
  if (call.callee === node) return null;
  const { callee } = call;
  if (
    callee.type !== AST_NODE_TYPES.MemberExpression ||
    callee.property.type !== AST_NODE_TYPES.Identifier
  ) {
    return null;
  }
  const { name } = callee.property;
  if (callee.object.type === AST_NODE_TYPES.Identifier && callee.object.name === 'Promise') {
    if (WAITING_COMBINATORS.has(name)) return follow(call, { ...search, isArray: false });
    return RACING_COMBINATORS.has(name) ? lost('raced', call) : null;
  }
  if (name !== 'push' || callee.object.type !== AST_NODE_TYPES.Identifier) return null;
  return followVariable(callee.object, { ...search, isArray: true }, callee.object);
}

function followDeclaration(
  declarator: TSESTree.VariableDeclarator,
  search: Search,
): PromiseUse | null {
  if (declarator.id.type !== AST_NODE_TYPES.Identifier) return null;
  return followVariable(declarator.id, search, null);
}

/** A variable is waited for when one of the places that read it is. */
function followVariable(
  identifier: TSESTree.Identifier,
  search: Search,
  except: TSESTree.Identifier | null,
): PromiseUse | null {
  if (search.depth >= DEEPEST_VARIABLE) return null;
  const variable = findVariable(search.scopes.getScope(identifier), identifier.name);
  if (!variable || variable.scope.type === TSESLint.Scope.ScopeType.global || isExported(variable))
    return null;
  for (const reference of variable.references) {
    if (!reference.isRead() || reference.identifier === except) continue;
    const use = reference.identifier;
    if (isPushTarget(use)) continue;
    if (!follow(use, { ...search, depth: search.depth + 1 })) return null;
  }
  return lost(search.isArray ? 'array' : 'variable', identifier);
}

function findVariable(
  scope: TSESLint.Scope.Scope,
  name: string,
): TSESLint.Scope.Variable | undefined {
  for (let current: TSESLint.Scope.Scope | null = scope; current; current = current.upper) {
    const variable = current.set.get(name);
    if (variable) return variable;
  }
  return undefined;
}

function isExported(variable: TSESLint.Scope.Variable): boolean {
  return variable.defs.some(
    ({ node }) => node.parent?.parent?.type === AST_NODE_TYPES.ExportNamedDeclaration,
  );
}

function isPushTarget(use: TSESTree.Node): boolean {
  const { parent } = use;
  return (
    parent?.type === AST_NODE_TYPES.MemberExpression &&
    parent.property.type === AST_NODE_TYPES.Identifier &&
    parent.property.name === 'push'
  );
}

/** What an array's method does with the promise that its callback returns. */
export const CALLBACK_METHODS: Readonly<Record<string, 'ignored' | 'collected'>> = {
  forEach: 'ignored',
  filter: 'ignored',
  some: 'ignored',
  every: 'ignored',
  find: 'ignored',
  findIndex: 'ignored',
  findLast: 'ignored',
  sort: 'ignored',
  map: 'collected',
  flatMap: 'collected',
};

/** How the promises are lost that the callback of a call such as `list.map(…)` returns. */
export function findCallbackLoss(
  call: TSESTree.CallExpression,
  scopes: Pick<TSESLint.SourceCode, 'getScope'>,
): PromiseUse | null {
  const { callee } = call;
  if (
    callee.type !== AST_NODE_TYPES.MemberExpression ||
    callee.property.type !== AST_NODE_TYPES.Identifier ||
    !Object.hasOwn(CALLBACK_METHODS, callee.property.name)
  ) {
    return null;
  }
  const use = CALLBACK_METHODS[callee.property.name];
  return use === 'ignored' ? lost('callback', call) : findLoss(call, scopes, true);
}
