import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { Scope, SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { getBindingKind, getInitialValue } from './binding-kind.js';
import {
  isAmbient,
  isExported,
  isFromBuiltin,
  isReadonlyType,
  isTypeImport,
} from './declaration-facts.js';
import { getMaker } from './definitions.js';
import { getGlobalObjectWrites, isGlobalObject } from './global-object.js';
import { HiddenState, type HeldValue } from './hidden-state.js';
import { Initialisation } from './initialisation.js';
import type { ClassNode } from './class-node.js';
import { isData } from './instance-state.js';
import { getInjectedFields, getMember, getSingletonDecorator } from './injected-state.js';
import { getInstanceLocks } from './instance-locks.js';
import { isLazyResource } from './lazy-resource.js';
import { getModuleBindings } from './module-bindings.js';
import type { ModuleState, ModuleStateOptions } from './module-state.js';
import { isAssembly, isMetric } from './process-own.js';
import { getPromiseChain } from './promise-chains.js';
import type { StateWrite } from './state-write.js';
import { StateWrites } from './state-writes.js';
import { getStaticFields } from './static-fields.js';
import type { ThisUses } from './this-uses.js';
import { unwrapNode } from '../../syntax/unwrap-node.js';
import type { ValueKind } from './kind.js';
import { getWrittenLock } from './written-lock.js';
import { mayBeWritten } from './written-names.js';

/** Finds all state of a module: what is visibly written after initialisation, and what hides its writes. */
export function findModuleState(
  sourceCode: Readonly<SourceCode>,
  thisUses: ThisUses,
  options: ModuleStateOptions,
): ModuleState[] {
  return new Search(sourceCode, thisUses, options).run();
}

/** A binding, static field or property of the global object, and what writes it. */
interface Written {
  readonly node: TSESTree.Node;
  readonly name: string;
  readonly where: 'binding' | 'static' | 'global';
  readonly kind: ValueKind;
  readonly initial: TSESTree.Expression | null;
  readonly writes: readonly StateWrite[];
}

class Search {
  readonly #sourceCode: Readonly<SourceCode>;
  readonly #thisUses: ThisUses;
  readonly #options: ModuleStateOptions;
  readonly #writes: StateWrites;
  readonly #hidden: HiddenState;
  readonly #found: ModuleState[] = [];

  constructor(sourceCode: Readonly<SourceCode>, thisUses: ThisUses, options: ModuleStateOptions) {
    const initialisation = new Initialisation(sourceCode);
    this.#sourceCode = sourceCode;
    this.#thisUses = thisUses;
    this.#options = options;
    this.#writes = new StateWrites(sourceCode, initialisation);
    this.#hidden = new HiddenState(sourceCode, thisUses, options, initialisation, this.#writes);
  }

  run(): ModuleState[] {
    const top = this.#sourceCode.scopeManager?.globalScope;
    if (!top) return [];
    for (const variable of getModuleBindings(top)) this.#addBinding(variable);
    this.#addDefaultExport();
    for (const property of getGlobalObjectWrites(top, this.#writes))
      this.#addWritten({
        ...property,
        where: 'global',
        kind: { kind: 'nothing' },
        initial: null,
      });
    return this.#found;
  }

  #addBinding(variable: Scope.Variable): void {
    const definition = variable.defs[0];
    const identifier = variable.identifiers[0];
    if (!definition || !identifier) return;
    switch (definition.node.type) {
      case AST_NODE_TYPES.VariableDeclarator:
        if (!isAmbient(definition.node)) this.#addDeclared(variable, definition.node, identifier);
        break;
      case AST_NODE_TYPES.ClassDeclaration:
        if (!isAmbient(definition.node)) {
          this.#addStatics(variable, definition.node);
          this.#addInjected(variable.name, definition.node);
        }
        break;
      case AST_NODE_TYPES.FunctionDeclaration:
        this.#addNamed(variable, identifier);
        break;
      case AST_NODE_TYPES.ImportSpecifier:
      case AST_NODE_TYPES.ImportDefaultSpecifier:
        if (!isTypeImport(definition.node) && !isFromBuiltin(definition.node.parent))
          this.#addNamed(variable, identifier);
        break;
      default:
    }
  }

  /** A function or an import, onto which something may be written. */
  #addNamed(variable: Scope.Variable, node: TSESTree.Node): void {
    if (!mayBeWritten(variable)) return;
    const kind = getBindingKind(variable);
    const writes = this.#writes.ofVariable(variable, kind);
    this.#addWritten({
      node,
      name: variable.name,
      where: 'binding',
      kind,
      initial: null,
      writes,
    });
  }

  #addDeclared(
    variable: Scope.Variable,
    declarator: TSESTree.VariableDeclarator,
    node: TSESTree.Node,
  ): void {
    const { name } = variable;
    const initial = getInitialValue(declarator);
    // What is hung on the global object is reported as its property.
    if (initial && isGlobalObject(initial)) return;
    if (initial?.type === AST_NODE_TYPES.ClassExpression) this.#addStatics(variable, initial);
    if (mayBeWritten(variable) || mayHaveMethods(initial)) {
      const kind = getBindingKind(variable);
      const writes = [
        ...this.#writes.ofVariable(variable, kind),
        ...this.#getOwnMethodWrites(kind),
      ];
      if (this.#addWritten({ node, name, where: 'binding', kind, initial, writes })) return;
    }
    if (declarator.id.type !== AST_NODE_TYPES.Identifier) return;
    if (initial && this.#addHidden({ value: initial, node, name, variable })) return;
    const filled = getFilledByOthers(variable, declarator);
    if (filled)
      this.#found.push({
        node,
        name,
        where: 'exported',
        constructedBy: filled.kind === 'map' ? 'Map' : 'Set',
      });
  }

  /** Writes that an object literal's own methods make through `this`. */
  #getOwnMethodWrites(kind: ValueKind): StateWrite[] {
    if (!kind.literal) return [];
    return this.#thisUses
      .ofLiteral(kind.literal)
      .flatMap((use) => this.#writes.ofExpression(use, kind));
  }

  #addWritten({ node, name, where, kind, initial, writes }: Written): boolean {
    const first = writes[0];
    if (!first || kind.kind === 'weak') return false;
    // Another name for the same state.
    if (this.#found.some((state) => 'write' in state && state.write.node === first.node))
      return true;
    const lock = getWrittenLock(this.#sourceCode, name.split('.').at(-1) ?? name, kind, writes);
    if (lock !== null) {
      this.#addLock(node, name, lock);
      return true;
    }
    const lazy =
      isMetric(name) ||
      holdsNoData(kind, writes) ||
      isAssembly(where, writes) ||
      getPromiseChain(this.#sourceCode, name, writes) === 'output' ||
      isLazyResource(name, kind, initial, writes);
    // A lazily made instance is no mere resource when its class or factory keeps data.
    const makers = lazy
      ? writes.flatMap(({ value }) => (value ? [getMaker(this.#sourceCode, value)] : []))
      : [];
    if (makers.some((value) => this.#addHidden({ value, node, name, variable: null }))) return true;
    this.#found.push({ node, name, where, write: first, lazy });
    return true;
  }

  #addLock(node: TSESTree.Node, name: string, constructedBy: string): void {
    if (this.#options.isAllowedConstructor(constructedBy)) return;
    this.#found.push({ node, name, where: 'lock', constructedBy });
  }

  #addStatics(variable: Scope.Variable, node: ClassNode): void {
    for (const field of getStaticFields(
      node,
      variable,
      this.#sourceCode,
      this.#thisUses,
      this.#writes,
    )) {
      const name = `${variable.name}.${field.name}`;
      if (field.writes.length > 0) this.#addWritten({ ...field, name, where: 'static' });
      else if (field.initial)
        this.#addHidden({ value: field.initial, node: field.node, name, variable: null });
    }
  }

  /** The fields of a class of which a container makes one instance. */
  #addInjected(className: string, node: ClassNode): void {
    if ((node.decorators ?? []).length === 0) return;
    const decorator = getSingletonDecorator(node, this.#sourceCode);
    if (decorator === null) return;
    const locks = getInstanceLocks(node, this.#sourceCode, this.#thisUses, this.#writes);
    for (const { name, constructedBy } of locks)
      this.#addLock(getMember(node, name), `${className}.${name}`, constructedBy);
    for (const { name, write } of getInjectedFields(node, this.#thisUses, this.#writes)) {
      if (locks.some((lock) => lock.name === name)) continue;
      const at = getMember(node, name);
      this.#found.push({
        node: at,
        name: `${className}.${name}`,
        where: 'injected',
        write,
        decorator,
      });
    }
  }

  #addDefaultExport(): void {
    for (const statement of this.#sourceCode.ast.body) {
      if (statement.type !== AST_NODE_TYPES.ExportDefaultDeclaration) continue;
      const { declaration } = statement;
      if (
        declaration.type === AST_NODE_TYPES.NewExpression ||
        declaration.type === AST_NODE_TYPES.CallExpression
      )
        this.#addHidden({
          value: declaration,
          node: declaration,
          name: 'the default export',
          variable: null,
        });
    }
  }

  #addHidden(held: HeldValue): boolean {
    const state = this.#hidden.find(held);
    if (state) this.#found.push(state);
    return state !== null;
  }
}

/** Code and live things, and containers of those; a property written onto a function is data. */
function holdsNoData(kind: ValueKind, writes: readonly StateWrite[]): boolean {
  if (isData(kind)) return false;
  return kind.element !== undefined || writes.every(({ path }) => path.length === 0);
}

/** An empty container for data that a variable exports, and that the module itself never uses; `null` for all else. */
function getFilledByOthers(
  variable: Scope.Variable,
  declarator: TSESTree.VariableDeclarator,
): ValueKind | null {
  if (
    !isExported(declarator) ||
    isReadonlyType(declarator) ||
    variable.references.some(({ init }) => !init)
  )
    return null;
  const kind = getBindingKind(variable);
  return (kind.kind === 'map' || kind.kind === 'set') &&
    kind.empty === true &&
    isData(kind.element ?? kind)
    ? kind
    : null;
}

/** Whether a value may be an object literal, whose own methods may write to it. */
function mayHaveMethods(value: TSESTree.Expression | null): boolean {
  switch (value && unwrapNode(value).type) {
    case AST_NODE_TYPES.ObjectExpression:
    case AST_NODE_TYPES.LogicalExpression:
    case AST_NODE_TYPES.ConditionalExpression:
    case AST_NODE_TYPES.AssignmentExpression:
      return true;
    default:
      return false;
  }
}
