import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { getCalleeName } from '../../syntax/member-access.js';

export type FunctionNode =
  TSESTree.FunctionDeclaration | TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression;

/** Array methods that have called their callback back when they return. */
const SYNCHRONOUS_ITERATION = new Set([
  'every',
  'filter',
  'find',
  'findIndex',
  'findLast',
  'findLastIndex',
  'flatMap',
  'forEach',
  'from',
  'map',
  'reduce',
  'reduceRight',
  'some',
  'sort',
  'toSorted',
]);

/** Helpers that call helpers: a bundle has chains of thousands, which are in doubt no reason for a report. */
const MAXIMUM_DEPTH = 64;

export function isFunction(node: TSESTree.Node): node is FunctionNode {
  return (
    node.type === AST_NODE_TYPES.FunctionDeclaration ||
    node.type === AST_NODE_TYPES.FunctionExpression ||
    node.type === AST_NODE_TYPES.ArrowFunctionExpression
  );
}

/** Whether the function is called where it stands, as `(() => …)()` is. */
export function isImmediatelyInvoked(node: FunctionNode): boolean {
  const { parent } = node;
  return parent.type === AST_NODE_TYPES.CallExpression && parent.callee === node;
}

function isSynchronousCallback(node: FunctionNode): boolean {
  const { parent } = node;
  if (parent.type === AST_NODE_TYPES.NewExpression)
    return getCalleeName(parent.callee) === 'Promise' && parent.arguments[0] === node;
  return (
    parent.type === AST_NODE_TYPES.CallExpression &&
    parent.callee.type === AST_NODE_TYPES.MemberExpression &&
    SYNCHRONOUS_ITERATION.has(getCalleeName(parent.callee) ?? '') &&
    parent.arguments.some((argument) => argument === node)
  );
}

/**
 * Tells code that runs once, while its module is initialised, from code that runs later: top-level statements,
 * IIFEs, synchronous top-level iteration, static blocks, and helpers that nothing else calls.
 */
export class Initialisation {
  readonly #sourceCode: Readonly<SourceCode>;
  readonly #helpers = new Map<FunctionNode, boolean>();
  #depth = 0;

  constructor(sourceCode: Readonly<SourceCode>) {
    this.#sourceCode = sourceCode;
  }

  /**
   * The innermost function (or class, for an instance field) that makes `node` run later than `base` does.
   *
   * @param base the function whose own run counts as initialisation; the module's when left out
   * @returns `null` when `node` runs during initialisation
   */
  getDeferring(node: TSESTree.Node, base?: FunctionNode): TSESTree.Node | null {
    for (let at: TSESTree.Node = node; at.parent && at !== base; at = at.parent) {
      if (isFunction(at) && !this.#runsWhereItStands(at)) return at;
      const { parent } = at;
      if (
        parent.type === AST_NODE_TYPES.PropertyDefinition &&
        !parent.static &&
        parent.value === at
      )
        return parent.parent.parent;
    }
    return null;
  }

  #runsWhereItStands(node: FunctionNode): boolean {
    return isImmediatelyInvoked(node) || isSynchronousCallback(node) || this.#isInitialiser(node);
  }

  /** Whether every use of a named function is a call during initialisation. */
  #isInitialiser(node: FunctionNode): boolean {
    const known = this.#helpers.get(node);
    if (known !== undefined) return known;
    if (this.#depth >= MAXIMUM_DEPTH) return true;
    // A function that calls itself is judged by its other callers.
    this.#helpers.set(node, true);
    this.#depth += 1;
    const verdict = this.#hasOnlyInitialisingCalls(node);
    this.#depth -= 1;
    this.#helpers.set(node, verdict);
    return verdict;
  }

  #hasOnlyInitialisingCalls(node: FunctionNode): boolean {
    const declared =
      node.type === AST_NODE_TYPES.FunctionDeclaration
        ? node
        : node.parent.type === AST_NODE_TYPES.VariableDeclarator
          ? node.parent
          : null;
    if (!declared) return false;
    const holder = declared.type === AST_NODE_TYPES.VariableDeclarator ? declared.parent : declared;
    if (
      holder.parent?.type === AST_NODE_TYPES.ExportNamedDeclaration ||
      holder.parent?.type === AST_NODE_TYPES.ExportDefaultDeclaration
    )
      return false;
    const variable = this.#sourceCode.getDeclaredVariables?.(declared)[0];
    const uses = variable?.references.filter((reference) => !reference.init) ?? [];
    return (
      uses.length > 0 &&
      uses.every(({ identifier }) => {
        const { parent } = identifier;
        return (
          parent.type === AST_NODE_TYPES.CallExpression &&
          parent.callee === identifier &&
          this.getDeferring(identifier) === null
        );
      })
    );
  }
}
