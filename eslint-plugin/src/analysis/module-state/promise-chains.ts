import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { getCalleeName, getPropertyName } from '../../syntax/member-access.js';
import { unwrapNode } from '../../syntax/unwrap-node.js';
import { getDefinition } from './definitions.js';
import { isFunction } from './initialisation.js';
import type { StateWrite } from './state-write.js';
import { getStoredValue } from './stored-value.js';

/** How many names a value is followed through. */
const DEPTH = 4;

/** What a process does for itself, one after the other: lines of a file, messages of a socket. */
const OUTPUT =
  /^(?:append|write|send|print|log|flush|emit|postMessage|debug|info|warn|error|catch|then|finally)/;

/** What a chain of promises puts in order: the work of all callers, or what the process itself writes out. */
export type PromiseChain = 'lock' | 'output';

/**
 * Tells a state that is a chain of promises, where whoever comes next waits for what the last one left there, and leaves
 * a promise of its own; `null` for all else.
 */
export function getPromiseChain(
  sourceCode: Readonly<SourceCode>,
  name: string,
  writes: readonly StateWrite[],
): PromiseChain | null {
  const chain = new Chain(sourceCode, name);
  const links = writes.flatMap((write) => chain.getLink(write) ?? []);
  return links.includes('lock') ? 'lock' : (links[0] ?? null);
}

class Chain {
  readonly #sourceCode: Readonly<SourceCode>;
  readonly #name: string;

  constructor(sourceCode: Readonly<SourceCode>, name: string) {
    this.#sourceCode = sourceCode;
    this.#name = name;
  }

  getLink(write: StateWrite): PromiseChain | null {
    const stored = getStoredValue(write);
    if (!stored) return null;
    const waits = this.#getWaits(stored, DEPTH);
    if (waits.length > 0) return !isKeyed(write) && waits.every(isOutput) ? 'output' : 'lock';
    const isWaitedFor = this.#getWaits(write.deferring, 0).length > 0;
    return isWaitedFor && this.#isReleasedByOwner(stored) ? 'lock' : null;
  }

  /** The places under a node that wait for what the state held: `held.then(…)`, `await held`. */
  #getWaits(node: TSESTree.Node, depth: number): readonly TSESTree.Node[] {
    const found: TSESTree.Node[] = [];
    this.#visit(node, (at) => {
      if (at.type === AST_NODE_TYPES.AwaitExpression && this.#isHeld(at.argument, DEPTH))
        found.push(at);
      else if (isThen(at) && this.#isHeld(at.callee.object, DEPTH)) found.push(at);
      else if (at.type === AST_NODE_TYPES.Identifier && depth > 0) {
        const init = this.#getInit(at);
        if (init && !isWithin(node, init)) found.push(...this.#getWaits(init, depth - 1));
      }
    });
    return found;
  }

  /** Whether an expression is what the state held, or may be. */
  #isHeld(expression: TSESTree.Node, depth: number): boolean {
    if (depth === 0) return false;
    const node = unwrapNode(expression as TSESTree.Expression);
    switch (node.type) {
      case AST_NODE_TYPES.Identifier: {
        if (node.name === this.#name) return true;
        const init = this.#getInit(node);
        return init !== null && this.#isHeld(init, depth - 1);
      }
      case AST_NODE_TYPES.MemberExpression:
        return getPropertyName(node) === this.#name || this.#isHeld(node.object, depth);
      case AST_NODE_TYPES.CallExpression:
        if (node.callee.type !== AST_NODE_TYPES.MemberExpression) return false;
        return (
          this.#isHeld(node.callee.object, depth) ||
          (getCalleeName(node.callee.object) === 'Promise' &&
            node.arguments.some((argument) => this.#isHeld(argument, depth - 1)))
        );
      case AST_NODE_TYPES.LogicalExpression:
        return this.#isHeld(node.left, depth) || this.#isHeld(node.right, depth);
      case AST_NODE_TYPES.ConditionalExpression:
        return this.#isHeld(node.consequent, depth) || this.#isHeld(node.alternate, depth);
      default:
        return false;
    }
  }

  /** `new Promise((resolve) => { release = resolve; })`, the promise of `Promise.withResolvers()` */
  #isReleasedByOwner(stored: TSESTree.Expression): boolean {
    const node = unwrapNode(stored);
    if (node.type === AST_NODE_TYPES.Identifier) {
      const init = this.#getInit(node);
      return init !== null && this.#isReleasedByOwner(init);
    }
    if (node.type === AST_NODE_TYPES.CallExpression)
      return getCalleeName(node.callee) === 'withResolvers';
    if (node.type !== AST_NODE_TYPES.NewExpression || getCalleeName(node.callee) !== 'Promise')
      return false;
    const [executor] = node.arguments;
    const resolve = executor && isFunction(executor) ? executor.params[0] : undefined;
    if (!executor || resolve?.type !== AST_NODE_TYPES.Identifier) return false;
    let isKept = false;
    this.#visit(executor, (at) => {
      isKept ||=
        at.type === AST_NODE_TYPES.AssignmentExpression &&
        at.right.type === AST_NODE_TYPES.Identifier &&
        at.right.name === resolve.name;
    });
    return isKept;
  }

  #getInit(identifier: TSESTree.Identifier): TSESTree.Expression | null {
    const node = getDefinition(this.#sourceCode, identifier)?.node;
    return node?.type === AST_NODE_TYPES.VariableDeclarator ? node.init : null;
  }

  #visit(node: TSESTree.Node, visitor: (node: TSESTree.Node) => void): void {
    visitor(node);
    for (const key of this.#sourceCode.visitorKeys[node.type] ?? []) {
      const child = (node as unknown as Record<string, unknown>)[key];
      for (const part of Array.isArray(child) ? child : [child])
        if (isNode(part)) this.#visit(part, visitor);
    }
  }
}

type Then = TSESTree.CallExpression & { readonly callee: TSESTree.MemberExpression };

function isThen(node: TSESTree.Node): node is Then {
  return (
    node.type === AST_NODE_TYPES.CallExpression &&
    node.callee.type === AST_NODE_TYPES.MemberExpression &&
    /^(?:then|catch|finally)$/.test(getPropertyName(node.callee) ?? '')
  );
}

/** Whether each key has a chain of its own: `chains.set(key, …)`, `chains[key] = …` */
function isKeyed({ node, path }: StateWrite): boolean {
  return node.type === AST_NODE_TYPES.CallExpression || path.at(-1) === null;
}

/** Whether what follows is written where it stands, and calls nothing but what puts out. */
function isOutput(wait: TSESTree.Node): boolean {
  if (!isThen(wait)) return false;
  return wait.arguments.every((work) => {
    if (!isFunction(work)) return false;
    const { body } = work;
    const calls =
      body.type === AST_NODE_TYPES.BlockStatement
        ? body.body.map((statement) =>
            statement.type === AST_NODE_TYPES.ExpressionStatement ? statement.expression : null,
          )
        : [body];
    return calls.every((expression) => {
      const call = expression && unwrapNode(expression);
      return (
        call?.type === AST_NODE_TYPES.CallExpression &&
        OUTPUT.test(getCalleeName(call.callee) ?? '')
      );
    });
  });
}

function isWithin(inner: TSESTree.Node, outer: TSESTree.Node): boolean {
  return outer.range[0] <= inner.range[0] && inner.range[1] <= outer.range[1];
}

function isNode(value: unknown): value is TSESTree.Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}
