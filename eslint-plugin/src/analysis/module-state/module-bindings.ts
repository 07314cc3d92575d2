import { AST_NODE_TYPES, TSESLint, type TSESTree } from '@typescript-eslint/utils';
import type { Scope } from '@typescript-eslint/utils/ts-eslint';
import { isFunction, isImmediatelyInvoked } from './initialisation.js';

/**
 * The bindings that exist once in a process: those of the module, of its top-level blocks and namespaces, and of
 * functions that are invoked where they stand.
 */
export function getModuleBindings(top: Scope.Scope): readonly Scope.Variable[] {
  const bindings: Scope.Variable[] = [];
  // Around a module, the scope of the process has nothing but what the language and its libraries declare.
  const [first] = top.childScopes;
  const pending = first?.type === TSESLint.Scope.ScopeType.module ? [first] : [top];
  for (let scope = pending.pop(); scope; scope = pending.pop()) {
    // A class's own scope repeats the class's name.
    if (scope.block.type !== AST_NODE_TYPES.ClassDeclaration) bindings.push(...scope.variables);
    for (const child of scope.childScopes)
      if (runsWithModule(child.block, scope.block)) pending.push(child);
  }
  return bindings;
}

function runsWithModule(block: TSESTree.Node, outer: TSESTree.Node): boolean {
  if (!isFunction(block)) return true;
  // CommonJS has a function's scope around the module; a function expression has one for its own name.
  if (block === outer) return true;
  return isImmediatelyInvoked(block) && !block.async;
}
