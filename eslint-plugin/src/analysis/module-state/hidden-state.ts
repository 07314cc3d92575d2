import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { Scope, SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { getCalleeName, getKeyName } from '../../syntax/member-access.js';
import { getClosureBinding, getClosureLock, type ClosureLock } from './closure-state.js';
import { isExported } from './declaration-facts.js';
import { getLocal } from './definitions.js';
import { getHeldLock, getLockMaker } from './in-process-locks.js';
import { isFunction, type FunctionNode, type Initialisation } from './initialisation.js';
import { getInstanceLocks, type InstanceLock } from './instance-locks.js';
import { getInstanceField, isData } from './instance-state.js';
import { getKeptFactory, getResult, isKnownCache, isMemoization } from './known-caches.js';
import type { ModuleState, ModuleStateOptions } from './module-state.js';
import { isLifecycleFlag } from './lazy-resource.js';
import { isMetric } from './process-own.js';
import type { StateWrites } from './state-writes.js';
import type { ThisUses } from './this-uses.js';
import { getTypeKind } from './type-kind.js';
import { unwrapNode } from '../../syntax/unwrap-node.js';
import { getValueKind } from './value-kind.js';

/** A value that a module holds, and how a report calls it. */
export interface HeldValue {
  readonly value: TSESTree.Expression;
  readonly node: TSESTree.Node;
  readonly name: string;
  /** The variable that holds it and nothing else, where its uses tell what is called. */
  readonly variable: Scope.Variable | null;
}

/** Finds state behind values that show no write of their own: instances, closures, caches. */
export class HiddenState {
  readonly #sourceCode: Readonly<SourceCode>;
  readonly #thisUses: ThisUses;
  readonly #options: ModuleStateOptions;
  readonly #initialisation: Initialisation;
  readonly #writes: StateWrites;

  constructor(
    sourceCode: Readonly<SourceCode>,
    thisUses: ThisUses,
    options: ModuleStateOptions,
    initialisation: Initialisation,
    writes: StateWrites,
  ) {
    this.#sourceCode = sourceCode;
    this.#thisUses = thisUses;
    this.#options = options;
    this.#initialisation = initialisation;
    this.#writes = writes;
  }

  /** The first state behind a value; `null` when it keeps none. */
  find(held: HeldValue): ModuleState | null {
    const value = unwrapNode(held.value);
    const lock = this.#findLock(value, held);
    if (lock) return lock;
    switch (value.type) {
      case AST_NODE_TYPES.NewExpression:
        return this.#findConstructed(value, held);
      case AST_NODE_TYPES.CallExpression:
        return this.#findResult(value, held);
      case AST_NODE_TYPES.LogicalExpression:
      case AST_NODE_TYPES.AssignmentExpression:
        return this.find({ ...held, value: value.right });
      case AST_NODE_TYPES.ObjectExpression:
        return this.#findInProperties(value, held);
      default:
        return null;
    }
  }

  #toInnerLock(
    lock: InstanceLock | ClosureLock,
    { node, name }: Pick<HeldValue, 'node' | 'name'>,
  ): ModuleState | null {
    const { constructedBy } = lock;
    if (this.#options.isAllowedConstructor(constructedBy)) return null;
    return { node, name: `${name}.${lock.name}`, where: 'lock', constructedBy };
  }

  /** A lock, or a list of them that is filled from the start. */
  #findLock(value: TSESTree.Expression, { node, name }: HeldValue): ModuleState | null {
    const constructedBy = getLockMaker(value) ?? getElementLock(value);
    if (constructedBy === null || isLifecycleFlag(name)) return null;
    if (this.#options.isAllowedConstructor(constructedBy)) return null;
    return { node, name, where: 'lock', constructedBy };
  }

  #findInProperties(object: TSESTree.ObjectExpression, { name }: HeldValue): ModuleState | null {
    for (const property of object.properties) {
      if (property.type !== AST_NODE_TYPES.Property) continue;
      const { value } = property;
      if (
        value.type !== AST_NODE_TYPES.NewExpression &&
        value.type !== AST_NODE_TYPES.CallExpression
      )
        continue;
      const found = this.find({
        value,
        node: property.key,
        name: `${name}.${getKeyName(property) ?? '…'}`,
        variable: null,
      });
      if (found) return found;
    }
    return null;
  }

  #findConstructed(value: TSESTree.NewExpression, held: HeldValue): ModuleState | null {
    const { node, name, variable } = held;
    const constructedBy = getCalleeName(value.callee);
    if (constructedBy === null || this.#options.isAllowedConstructor(constructedBy)) return null;
    const local = getLocal(this.#sourceCode, value.callee);
    if (
      local?.type === AST_NODE_TYPES.ClassDeclaration ||
      local?.type === AST_NODE_TYPES.ClassExpression
    ) {
      const [lock] = getInstanceLocks(local, this.#sourceCode, this.#thisUses, this.#writes);
      if (lock) return this.#toInnerLock(lock, held);
      const field = getInstanceField(local, this.#thisUses, this.#writes);
      if (!field || (variable && !this.#mayCall(variable, field.writers))) return null;
      const { name: inner, write } = field;
      return { node, name, where: 'instance', inner, write, constructedBy };
    }
    if (local || !isKnownCache(value) || !keepsData(value)) return null;
    return { node, name, where: 'cache', constructedBy };
  }

  /** Whether code that runs later may call one of a value's `methods`. */
  #mayCall(variable: Scope.Variable, methods: ReadonlySet<string>): boolean {
    const declarator = variable.defs[0]?.node;
    if (declarator?.type === AST_NODE_TYPES.VariableDeclarator && isExported(declarator))
      return true;
    return variable.references.some(({ identifier, init }) => {
      if (init) return false;
      const { parent } = identifier;
      if (
        parent.type === AST_NODE_TYPES.ExportSpecifier ||
        parent.type === AST_NODE_TYPES.ExportDefaultDeclaration
      )
        return true;
      if (this.#initialisation.getDeferring(identifier) === null) return false;
      if (
        parent.type !== AST_NODE_TYPES.MemberExpression ||
        parent.parent.type !== AST_NODE_TYPES.CallExpression
      )
        return true;
      return methods.has(getCalleeName(parent) ?? '');
    });
  }

  #findResult(value: TSESTree.CallExpression, held: HeldValue): ModuleState | null {
    const { node, name } = held;
    const callee = unwrapNode(value.callee);
    const constructedBy = getCalleeName(callee) ?? 'an immediately invoked function';
    if (this.#options.isAllowedConstructor(constructedBy)) return null;
    const local = isFunction(callee) ? callee : getLocal(this.#sourceCode, callee);
    if (local && isFunction(local)) {
      // What an IIFE's functions write is reported at the binding that they write to.
      if (isFunction(callee) && !callee.async) return null;
      return this.#findClosure(local, held, constructedBy);
    }
    if (isMemoization(value)) return { node, name, where: 'memoized', constructedBy };
    const factory = getKeptFactory(value);
    return factory && this.#findKept(factory, held, constructedBy);
  }

  #findKept(factory: FunctionNode, held: HeldValue, constructedBy: string): ModuleState | null {
    const { node, name } = held;
    const result = getResult(factory);
    if (!result || isMetric(name)) return null;
    const made = unwrapNode(result);
    if (made.type === AST_NODE_TYPES.NewExpression) {
      const found = this.#findConstructed(made, { ...held, variable: null });
      if (found) return found;
    }
    const kind = getValueKind(result);
    if (kind.literal && hasOnlyMethods(kind.literal))
      return this.#findClosure(factory, held, constructedBy);
    if (!['map', 'set', 'array', 'data'].includes(kind.kind) || !isData(kind)) return null;
    return { node, name, where: 'kept', constructedBy };
  }

  #findClosure(
    factory: FunctionNode,
    { node, name }: HeldValue,
    constructedBy: string,
  ): ModuleState | null {
    const lock = getClosureLock(factory, this.#sourceCode, this.#writes);
    if (lock) return this.#toInnerLock(lock, { node, name });
    const binding = getClosureBinding(factory, this.#sourceCode, this.#writes);
    if (!binding) return null;
    const { name: inner, write } = binding;
    return { node, name, where: 'closure', inner, write, constructedBy };
  }
}

function getElementLock(value: TSESTree.Expression): string | null {
  const { element } = getValueKind(value);
  return element ? getHeldLock(element) : null;
}

function hasOnlyMethods({ properties }: TSESTree.ObjectExpression): boolean {
  return (
    properties.length > 0 &&
    properties.every(
      (property) => property.type === AST_NODE_TYPES.Property && isFunction(property.value),
    )
  );
}

/** Whether a cache's type arguments leave it data to hold, rather than pools or handlers. */
function keepsData({ typeArguments }: TSESTree.NewExpression): boolean {
  const type = typeArguments?.params.at(-1);
  const kind = type && getTypeKind(type);
  return !kind || isData(kind);
}
