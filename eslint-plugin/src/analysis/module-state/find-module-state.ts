import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { Scope, SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { getBindingKind } from './binding-kind.js';
import { getClosureBinding } from './closure-state.js';
import { getGlobalObjectWrites, isGlobalObject } from './global-object.js';
import { isFunction, Initialisation, type FunctionNode } from './initialisation.js';
import { getInstanceField, isData, type ClassNode } from './instance-state.js';
import { getKeptFactory, getResult, isKnownCache, isMemoization } from './known-caches.js';
import { isLazyResource } from './lazy-resource.js';
import { getCalleeName, getKeyName } from '../member-access.js';
import { getModuleBindings } from './module-bindings.js';
import { isAssembly, isMetric } from './process-own.js';
import { StateWrites, type StateWrite } from './state-writes.js';
import type { ThisUses } from './this-uses.js';
import { getTypeKind } from './type-kind.js';
import { unwrapNode } from './unwrap-node.js';
import { getValueKind, type ValueKind } from './value-kind.js';

/** State that one process keeps for itself. */
export type ModuleState = { readonly node: TSESTree.Node; readonly name: string } & (
  | {
      readonly where: 'binding' | 'static' | 'global';
      readonly write: StateWrite;
      /** Whether it is only a process's own client, logger or flag, made when it is first needed. */
      readonly lazy: boolean;
    }
  | { readonly where: 'cache' | 'memoized' | 'kept'; readonly constructedBy: string }
  | {
      readonly where: 'instance' | 'closure';
      readonly inner: string;
      readonly write: StateWrite;
      readonly constructedBy: string;
    }
  | { readonly where: 'exported'; readonly constructedBy: string }
);

export interface ModuleStateOptions {
  /** Constructors and factories whose results the search takes for stateless. */
  isAllowedConstructor(name: string): boolean;
}

/** Finds all state of a module: what is visibly written after initialisation, and what hides its writes. */
export function findModuleState(
  sourceCode: Readonly<SourceCode>,
  thisUses: ThisUses,
  options: ModuleStateOptions,
): ModuleState[] {
  return new Search(sourceCode, thisUses, options).run();
}

class Search {
  readonly #sourceCode: Readonly<SourceCode>;
  readonly #thisUses: ThisUses;
  readonly #options: ModuleStateOptions;
  readonly #initialisation: Initialisation;
  readonly #writes: StateWrites;
  readonly #found: ModuleState[] = [];

  constructor(sourceCode: Readonly<SourceCode>, thisUses: ThisUses, options: ModuleStateOptions) {
    this.#sourceCode = sourceCode;
    this.#thisUses = thisUses;
    this.#options = options;
    this.#initialisation = new Initialisation(sourceCode);
    this.#writes = new StateWrites(sourceCode, this.#initialisation);
  }

  run(): ModuleState[] {
    const top = this.#sourceCode.scopeManager?.globalScope;
    if (!top) return [];
    for (const variable of getModuleBindings(top)) this.#addBinding(variable);
    this.#addDefaultExport();
    for (const { node, name, writes } of getGlobalObjectWrites(top, this.#writes))
      this.#addWritten(node, name, 'global', { kind: 'nothing' }, null, writes);
    return this.#found;
  }

  #addBinding(variable: Scope.Variable): void {
    const definition = variable.defs[0];
    const identifier = variable.identifiers[0];
    if (!definition || !identifier || isAmbient(definition.node)) return;
    switch (definition.node.type) {
      case AST_NODE_TYPES.VariableDeclarator:
        this.#addDeclared(variable, definition.node, identifier);
        break;
      case AST_NODE_TYPES.ClassDeclaration:
        this.#addStatics(variable, definition.node);
        break;
      case AST_NODE_TYPES.FunctionDeclaration:
        this.#addWritten(
          identifier,
          variable.name,
          'binding',
          { kind: 'code' },
          null,
          this.#writes.ofVariable(variable, { kind: 'code' }),
        );
        break;
      case AST_NODE_TYPES.ImportSpecifier:
      case AST_NODE_TYPES.ImportDefaultSpecifier:
        if (!isBuiltin(definition.node.parent))
          this.#addWritten(
            identifier,
            variable.name,
            'binding',
            getBindingKind(variable).kind,
            null,
            this.#writes.ofVariable(variable, getBindingKind(variable).kind),
          );
        break;
      default:
    }
  }

  #addDeclared(
    variable: Scope.Variable,
    declarator: TSESTree.VariableDeclarator,
    identifier: TSESTree.Node,
  ): void {
    const { kind, initial } = getBindingKind(variable);
    // What is hung on the global object is reported as its property.
    if (initial && isGlobalObject(initial)) return;
    if (initial?.type === AST_NODE_TYPES.ClassExpression) this.#addStatics(variable, initial);
    const writes = [...this.#writes.ofVariable(variable, kind), ...this.#getOwnMethodWrites(kind)];
    if (this.#addWritten(identifier, variable.name, 'binding', kind, initial, writes)) return;
    if (declarator.id.type !== AST_NODE_TYPES.Identifier) return;
    if (initial && this.#addHidden(initial, identifier, variable.name, variable)) return;
    if (
      (kind.kind === 'map' || kind.kind === 'set') &&
      kind.empty &&
      isData(kind.element ?? kind) &&
      isExported(declarator) &&
      !isReadonlyType(declarator) &&
      !hasWrites(variable)
    )
      this.#found.push({
        node: identifier,
        name: variable.name,
        where: 'exported',
        constructedBy: kind.kind === 'map' ? 'Map' : 'Set',
      });
  }

  /** Writes that an object literal's own methods make through `this`. */
  #getOwnMethodWrites(kind: ValueKind): StateWrite[] {
    if (!kind.literal) return [];
    return this.#thisUses
      .ofLiteral(kind.literal)
      .flatMap((use) => this.#writes.ofExpression(use, kind));
  }

  #addWritten(
    node: TSESTree.Node,
    name: string,
    where: 'binding' | 'static' | 'global',
    kind: ValueKind,
    initial: TSESTree.Expression | null,
    writes: readonly StateWrite[],
  ): boolean {
    const first = writes[0];
    if (!first || kind.kind === 'weak') return false;
    // Another name for the same state.
    if (this.#found.some((state) => 'write' in state && state.write.node === first.node))
      return true;
    const lazy =
      isMetric(name) ||
      holdsNoData(kind, writes) ||
      isAssembly(where, writes) ||
      isLazyResource(name, kind, initial, writes);
    // A lazily made instance is no mere resource when its class or factory keeps data.
    const makers = lazy
      ? writes.flatMap(({ value }) => (value ? [this.#getMaker(value)] : []))
      : [];
    if (makers.some((maker) => this.#addHidden(maker, node, name, null))) return true;
    this.#found.push({ node, name, where, write: first, lazy });
    return true;
  }

  /** What a value was made by: the initial value of a `const`, or the expression itself. */
  #getMaker(value: TSESTree.Expression): TSESTree.Expression {
    const node = unwrapNode(value);
    if (node.type !== AST_NODE_TYPES.Identifier) return node;
    const declarator = this.#getDefinition(node)?.node;
    return declarator?.type === AST_NODE_TYPES.VariableDeclarator &&
      declarator.parent.kind === 'const' &&
      declarator.init
      ? unwrapNode(declarator.init)
      : node;
  }

  #addStatics(variable: Scope.Variable, node: ClassNode): void {
    const uses = [
      ...(this.#sourceCode.getDeclaredVariables?.(node) ?? []),
      ...(node.type === AST_NODE_TYPES.ClassExpression ? [variable] : []),
    ].flatMap(({ references }) =>
      references
        .filter((reference) => !reference.init && reference.isRead())
        .map(({ identifier }) => identifier as TSESTree.Node),
    );
    const fields = new Map<string, ValueKind>();
    const members = new Map<string, TSESTree.PropertyDefinition>();
    for (const member of node.body.body) {
      if (member.type !== AST_NODE_TYPES.PropertyDefinition || !member.static || member.declare)
        continue;
      const name = getKeyName(member);
      if (name === null) continue;
      fields.set(name, getValueKind(member.value, member.typeAnnotation?.typeAnnotation));
      members.set(name, member);
    }
    const accessors = new Set(node.body.body.filter(isStaticMethod).map(getKeyName));
    const byField = new Map<string, StateWrite[]>();
    for (const use of [...new Set(uses), ...this.#thisUses.ofClass(node)]) {
      for (const write of this.#writes.ofExpression(use, { kind: 'data', fields })) {
        const name = write.path[0] ?? null;
        // What a getter answers with is somebody else's.
        if (name === null || name === 'prototype' || (accessors.has(name) && write.path.length > 1))
          continue;
        const list = byField.get(name);
        const inner = { ...write, path: write.path.slice(1) };
        if (list) list.push(inner);
        else byField.set(name, [inner]);
      }
    }
    for (const [name, writes] of byField)
      this.#addWritten(
        members.get(name)?.key ?? node.id ?? node,
        `${variable.name}.${name}`,
        'static',
        this.#getStaticKind(fields.get(name), writes),
        members.get(name)?.value ?? null,
        writes,
      );
    for (const [name, member] of members)
      if (!byField.has(name) && member.value)
        this.#addHidden(member.value, member.key, `${variable.name}.${name}`, null);
  }

  #getStaticKind(declared: ValueKind | undefined, writes: readonly StateWrite[]): ValueKind {
    if (declared && declared.kind !== 'nothing') return declared;
    const assigned = writes.find(({ value }) => value)?.value;
    return assigned ? getValueKind(assigned) : { kind: 'nothing' };
  }

  #addDefaultExport(): void {
    for (const statement of this.#sourceCode.ast.body) {
      if (statement.type !== AST_NODE_TYPES.ExportDefaultDeclaration) continue;
      const { declaration } = statement;
      if (
        declaration.type === AST_NODE_TYPES.NewExpression ||
        declaration.type === AST_NODE_TYPES.CallExpression
      )
        this.#addHidden(declaration, declaration, 'the default export', null);
    }
  }

  /** State behind a value that shows no write of its own. */
  #addHidden(
    expression: TSESTree.Expression,
    node: TSESTree.Node,
    name: string,
    variable: Scope.Variable | null,
  ): boolean {
    const value = unwrapNode(expression);
    switch (value.type) {
      case AST_NODE_TYPES.NewExpression:
        return this.#addConstructed(value, node, name, variable);
      case AST_NODE_TYPES.CallExpression:
        return this.#addResult(value, node, name);
      case AST_NODE_TYPES.LogicalExpression:
        return this.#addHidden(value.right, node, name, variable);
      case AST_NODE_TYPES.AssignmentExpression:
        return this.#addHidden(value.right, node, name, variable);
      case AST_NODE_TYPES.ObjectExpression:
        for (const property of value.properties) {
          if (property.type !== AST_NODE_TYPES.Property) continue;
          const held = property.value;
          if (
            (held.type === AST_NODE_TYPES.NewExpression ||
              held.type === AST_NODE_TYPES.CallExpression) &&
            this.#addHidden(held, property.key, `${name}.${getKeyName(property) ?? '…'}`, null)
          )
            return true;
        }
        return false;
      default:
        return false;
    }
  }

  #addConstructed(
    value: TSESTree.NewExpression,
    node: TSESTree.Node,
    name: string,
    variable: Scope.Variable | null,
  ): boolean {
    const constructor = getCalleeName(value.callee);
    if (constructor === null || this.#options.isAllowedConstructor(constructor)) return false;
    const local = this.#getLocal(value.callee);
    if (
      local &&
      (local.type === AST_NODE_TYPES.ClassDeclaration ||
        local.type === AST_NODE_TYPES.ClassExpression)
    ) {
      const field = getInstanceField(local, this.#thisUses, this.#writes);
      if (!field || (variable && !this.#mayCall(variable, field.writers))) return false;
      this.#found.push({
        node,
        name,
        where: 'instance',
        inner: field.name,
        write: field.write,
        constructedBy: constructor,
      });
      return true;
    }
    if (local || !isKnownCache(value) || !keepsData(value)) return false;
    this.#found.push({ node, name, where: 'cache', constructedBy: constructor });
    return true;
  }

  /** Whether code that runs later may call one of a value's `methods`. */
  #mayCall(variable: Scope.Variable, methods: ReadonlySet<string>): boolean {
    if (
      variable.defs[0]?.node.type === AST_NODE_TYPES.VariableDeclarator &&
      isExported(variable.defs[0].node)
    )
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

  #addResult(value: TSESTree.CallExpression, node: TSESTree.Node, name: string): boolean {
    const callee = unwrapNode(value.callee);
    const constructor = getCalleeName(callee) ?? 'an immediately invoked function';
    if (this.#options.isAllowedConstructor(constructor)) return false;
    const local = isFunction(callee) ? callee : this.#getLocal(callee);
    if (local && isFunction(local)) {
      // What an IIFE's functions write is reported at the binding that they write to.
      if (isFunction(callee) && !callee.async) return false;
      return this.#addClosure(local, node, name, constructor);
    }
    if (isMemoization(value)) {
      this.#found.push({ node, name, where: 'memoized', constructedBy: constructor });
      return true;
    }
    const factory = getKeptFactory(value);
    return factory !== null && this.#addKept(factory, node, name, constructor);
  }

  #addKept(factory: FunctionNode, node: TSESTree.Node, name: string, constructor: string): boolean {
    const result = getResult(factory);
    if (!result || isMetric(name)) return false;
    const made = unwrapNode(result);
    if (made.type === AST_NODE_TYPES.NewExpression && this.#addConstructed(made, node, name, null))
      return true;
    const kind = getValueKind(result);
    if (kind.literal && hasOnlyMethods(kind.literal))
      return this.#addClosure(factory, node, name, constructor);
    if (!['map', 'set', 'array', 'data'].includes(kind.kind) || !isData(kind)) return false;
    this.#found.push({ node, name, where: 'kept', constructedBy: constructor });
    return true;
  }

  #addClosure(
    factory: FunctionNode,
    node: TSESTree.Node,
    name: string,
    constructor: string,
  ): boolean {
    const binding = getClosureBinding(factory, this.#sourceCode, this.#writes);
    if (!binding) return false;
    this.#found.push({
      node,
      name,
      where: 'closure',
      inner: binding.name,
      write: binding.write,
      constructedBy: constructor,
    });
    return true;
  }

  /** The class or function of this file that an identifier names. */
  #getLocal(callee: TSESTree.Expression): TSESTree.Node | null {
    if (callee.type !== AST_NODE_TYPES.Identifier) return null;
    const node = this.#getDefinition(callee)?.node;
    if (
      node?.type === AST_NODE_TYPES.FunctionDeclaration ||
      node?.type === AST_NODE_TYPES.ClassDeclaration
    )
      return node;
    return node?.type === AST_NODE_TYPES.VariableDeclarator &&
      node.init &&
      (isFunction(node.init) || node.init.type === AST_NODE_TYPES.ClassExpression)
      ? node.init
      : null;
  }

  #getDefinition(identifier: TSESTree.Identifier): Scope.Definition | null {
    for (
      let scope: Scope.Scope | null = this.#sourceCode.getScope(identifier);
      scope;
      scope = scope.upper
    ) {
      const definition = scope.set.get(identifier.name)?.defs[0];
      if (definition) return definition;
    }
    return null;
  }
}

function isStaticMethod(member: TSESTree.ClassElement): member is TSESTree.MethodDefinition {
  return member.type === AST_NODE_TYPES.MethodDefinition && member.static;
}

function hasOnlyMethods({ properties }: TSESTree.ObjectExpression): boolean {
  return (
    properties.length > 0 &&
    properties.every(
      (property) => property.type === AST_NODE_TYPES.Property && isFunction(property.value),
    )
  );
}

/** Code and live things, and containers of those; a property written onto a function is data. */
function holdsNoData(kind: ValueKind, writes: readonly StateWrite[]): boolean {
  if (isData(kind)) return false;
  return kind.element !== undefined || writes.every(({ path }) => path.length === 0);
}

/** Whether a cache's type arguments leave it data to hold, rather than pools or handlers. */
function keepsData({ typeArguments }: TSESTree.NewExpression): boolean {
  const type = typeArguments?.params.at(-1);
  const kind = type && getTypeKind(type);
  return !kind || isData(kind);
}

function isAmbient(node: TSESTree.Node): boolean {
  for (let at: TSESTree.Node | undefined = node; at; at = at.parent)
    if ('declare' in at && at.declare === true) return true;
  return false;
}

function isBuiltin(node: TSESTree.Node): boolean {
  return (
    node.type === AST_NODE_TYPES.ImportDeclaration && /^(?:node:|process$)/.test(node.source.value)
  );
}

function isExported(declarator: TSESTree.VariableDeclarator): boolean {
  return declarator.parent.parent.type === AST_NODE_TYPES.ExportNamedDeclaration;
}

function isReadonlyType({ id }: TSESTree.VariableDeclarator): boolean {
  const type =
    id.type === AST_NODE_TYPES.Identifier ? id.typeAnnotation?.typeAnnotation : undefined;
  return (
    type?.type === AST_NODE_TYPES.TSTypeReference &&
    type.typeName.type === AST_NODE_TYPES.Identifier &&
    /^(?:Readonly|Weak)/.test(type.typeName.name)
  );
}

/** Whether the module itself does anything with a container that it exports. */
function hasWrites(variable: Scope.Variable): boolean {
  return variable.references.some(({ init }) => !init);
}
