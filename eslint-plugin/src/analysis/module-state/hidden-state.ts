import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { Scope } from '@typescript-eslint/utils/ts-eslint';
import { getCalleeName, getKeyName } from '../../syntax/member-access.js';
import type { ClassNode } from './class-node.js';
import {
  getClosureBinding,
  getClosureLock,
  getClosureMakers,
  type ClosureLock,
} from './closure-state.js';
import { isExported } from './declaration-facts.js';
import { getHeldLock, getLockMaker } from './in-process-locks.js';
import { isFunction, type FunctionNode } from './initialisation.js';
import { getInstanceLocks, type InstanceLock } from './instance-locks.js';
import { getInstanceField, isData } from './instance-state.js';
import { getKeptFactory, getResult, isKnownCache, isMemoization } from './known-caches.js';
import type { ModuleAnalysis } from './module-analysis.js';
import type { ModuleState, ModuleStateOptions } from './module-state.js';
import { isLifecycleFlag } from './lazy-resource.js';
import { isMetric } from './process-own.js';
import type { Declared, ProjectModules } from './project-modules.js';
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
  readonly #analysis: ModuleAnalysis;
  readonly #modules: ProjectModules;
  readonly #options: ModuleStateOptions;

  constructor(analysis: ModuleAnalysis, modules: ProjectModules, options: ModuleStateOptions) {
    this.#analysis = analysis;
    this.#modules = modules;
    this.#options = options;
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
    const made = this.#modules.getDeclared(this.#analysis, unwrapNode(value.callee));
    if (made && isClass(made.node)) {
      const { node: declaration } = made;
      const there = this.#in(made);
      return this.#modules.once(declaration, () =>
        there.#findInClass(declaration, held, constructedBy, (methods) =>
          variable ? this.#mayCall(variable, methods) : true,
        ),
      );
    }
    if (made || !isKnownCache(value) || !keepsData(value)) return null;
    return { node, name, where: 'cache', constructedBy };
  }

  #in({ analysis }: Declared): HiddenState {
    return analysis === this.#analysis
      ? this
      : new HiddenState(analysis, this.#modules, this.#options);
  }

  /** What the instances of a class of this module keep, by themselves, in a field, or as those of its base. */
  #findInClass(
    declaration: ClassNode,
    held: HeldValue,
    constructedBy: string,
    mayCall: (methods: ReadonlySet<string>) => boolean,
  ): ModuleState | null {
    const { node, name } = held;
    const { sourceCode, thisUses, writes } = this.#analysis;
    const [lock] = getInstanceLocks(declaration, sourceCode, thisUses, writes);
    if (lock) return this.#toInnerLock(lock, held);
    const field = getInstanceField(declaration, thisUses, writes);
    if (field && mayCall(field.writers)) {
      const { name: inner, write } = field;
      return { node, name, where: 'instance', inner, write, constructedBy, file: this.#file };
    }
    return (
      this.#findInFields(declaration, held) ??
      this.#findInBase(declaration, held, constructedBy, mayCall)
    );
  }

  #findInFields({ body }: ClassNode, { node, name }: HeldValue): ModuleState | null {
    for (const member of body.body) {
      if (member.type !== AST_NODE_TYPES.PropertyDefinition || member.static || !member.value)
        continue;
      const inner = `${name}.${getKeyName(member) ?? '…'}`;
      const found = this.find({ value: member.value, node, name: inner, variable: null });
      if (found) return found;
    }
    return null;
  }

  #findInBase(
    { superClass }: ClassNode,
    held: HeldValue,
    constructedBy: string,
    mayCall: (methods: ReadonlySet<string>) => boolean,
  ): ModuleState | null {
    const base = superClass && this.#modules.getDeclared(this.#analysis, superClass);
    if (!base || !isClass(base.node)) return null;
    const { node } = base;
    return this.#modules.once(node, () =>
      this.#in(base).#findInClass(node, held, constructedBy, mayCall),
    );
  }

  /** The module that a write stands in, when it is not the one that is linted. */
  get #file(): string | null {
    return this.#analysis.isOther ? this.#analysis.file : null;
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
      if (this.#analysis.initialisation.getDeferring(identifier) === null) return false;
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
    // What an IIFE's functions write is reported at the binding that they write to.
    if (isFunction(callee))
      return callee.async ? this.#findClosure(callee, held, constructedBy) : null;
    const made = this.#modules.getDeclared(this.#analysis, callee);
    if (made && isFunction(made.node)) {
      const { node: factory } = made;
      const there = this.#in(made);
      return this.#modules.once(
        factory,
        () =>
          there.#findClosure(factory, held, constructedBy) ?? there.#findReturned(factory, held),
      );
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

  /** What a factory makes and returns: `return new Cache()` */
  #findReturned(factory: FunctionNode, { node, name }: HeldValue): ModuleState | null {
    const result = factory.generator ? null : getResult(factory);
    return result && this.find({ value: result, node, name, variable: null });
  }

  #findClosure(
    factory: FunctionNode,
    { node, name }: HeldValue,
    constructedBy: string,
  ): ModuleState | null {
    const { sourceCode, writes } = this.#analysis;
    const lock = getClosureLock(factory, sourceCode, writes);
    if (lock) return this.#toInnerLock(lock, { node, name });
    const binding = getClosureBinding(factory, sourceCode, writes);
    if (!binding) {
      for (const [inner, value] of getClosureMakers(factory, sourceCode)) {
        const found = this.find({ value, node, name: `${name}.${inner}`, variable: null });
        if (found) return found;
      }
      return null;
    }
    const { name: inner, write } = binding;
    return { node, name, where: 'closure', inner, write, constructedBy, file: this.#file };
  }
}

function isClass(node: TSESTree.Node): node is ClassNode {
  return (
    node.type === AST_NODE_TYPES.ClassDeclaration || node.type === AST_NODE_TYPES.ClassExpression
  );
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
