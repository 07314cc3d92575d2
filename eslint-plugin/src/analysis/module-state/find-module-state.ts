import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { Scope, SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { getBindingKind, getInitialValue } from './binding-kind.js';
import { isBrowserScript } from './browser-script.js';
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
import type { ClassNode } from './class-node.js';
import { isData } from './instance-state.js';
import { getInjectedFields, getMember, getSingletonDecorator } from './injected-state.js';
import { getInstanceLocks } from './instance-locks.js';
import { isLazyResource } from './lazy-resource.js';
import { getModuleBindings } from './module-bindings.js';
import { ModuleAnalysis } from './module-analysis.js';
import type { ModuleState, ModuleStateOptions } from './module-state.js';
import { isAssembly, isMetric } from './process-own.js';
import { mayMutate } from './mutators.js';
import { ProjectModules } from './project-modules.js';
import { getPromiseChain } from './promise-chains.js';
import type { StateWrite } from './state-write.js';
import type { StateWrites } from './state-writes.js';
import { getStaticFields } from './static-fields.js';
import type { ThisUses } from './this-uses.js';
import { getKeyName, getPropertyName } from '../../syntax/member-access.js';
import { unwrapNode } from '../../syntax/unwrap-node.js';
import type { ValueKind } from './kind.js';
import { getValueKind } from './value-kind.js';
import { getWrittenLock } from './written-lock.js';
import { mayBeWritten } from './written-names.js';

/** Finds all state of a module: what is visibly written after initialisation, and what hides its writes. */
export function findModuleState(
  sourceCode: Readonly<SourceCode>,
  file: string,
  thisUses: ThisUses,
  options: ModuleStateOptions,
): ModuleState[] {
  return new Search(new ModuleAnalysis(sourceCode, file, false, thisUses), options).run();
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

const CONTAINERS: ReadonlySet<ValueKind['kind']> = new Set(['map', 'set', 'array']);

class Search {
  readonly #analysis: ModuleAnalysis;
  readonly #modules: ProjectModules;
  readonly #sourceCode: Readonly<SourceCode>;
  readonly #thisUses: ThisUses;
  readonly #options: ModuleStateOptions;
  readonly #writes: StateWrites;
  readonly #hidden: HiddenState;
  readonly #found: ModuleState[] = [];

  constructor(analysis: ModuleAnalysis, options: ModuleStateOptions) {
    this.#analysis = analysis;
    this.#sourceCode = analysis.sourceCode;
    this.#thisUses = analysis.thisUses;
    this.#options = options;
    this.#writes = analysis.writes;
    this.#modules = new ProjectModules(analysis.sourceCode.visitorKeys);
    this.#hidden = new HiddenState(analysis, this.#modules, options);
  }

  run(): ModuleState[] {
    const top = this.#sourceCode.scopeManager?.globalScope;
    if (!top || isBrowserScript(top)) return [];
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
    const kind = this.#getImportedKind(variable, node) ?? getBindingKind(variable);
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

  /** What another module of the project exports by an imported name, when that is a container. */
  #getImportedKind(variable: Scope.Variable, name: TSESTree.Node): ValueKind | null {
    if (!variable.references.some(({ identifier }) => isMutatingCall(identifier.parent)))
      return null;
    const exported = this.#modules.getImported(this.#analysis, name);
    if (exported?.node.type !== AST_NODE_TYPES.VariableDeclarator) return null;
    const { id, init } = exported.node;
    const kind = getValueKind(init, id.typeAnnotation?.typeAnnotation);
    return CONTAINERS.has(kind.kind) ? kind : null;
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
    const written = getInjectedFields(node, this.#thisUses, this.#writes);
    for (const { name, write } of written) {
      if (locks.some((lock) => lock.name === name)) continue;
      this.#found.push({
        node: getMember(node, name),
        name: `${className}.${name}`,
        where: 'injected',
        write,
        decorator,
      });
    }
    this.#addMadeFields(className, node, new Set([...locks, ...written].map(({ name }) => name)));
  }

  /** Fields whose value keeps state of its own: a cache of a package, an instance of a class of the project. */
  #addMadeFields(className: string, { body }: ClassNode, known: ReadonlySet<string>): void {
    for (const member of body.body) {
      if (member.type !== AST_NODE_TYPES.PropertyDefinition || member.static) continue;
      const name = getKeyName(member);
      if (name === null || !member.value || known.has(name)) continue;
      const { value, key: node } = member;
      this.#addHidden({ value, node, name: `${className}.${name}`, variable: null });
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

/** `rooms.set(…)`, `names.push(…)` */
function isMutatingCall(member: TSESTree.Node | undefined): boolean {
  return (
    member?.type === AST_NODE_TYPES.MemberExpression &&
    member.parent.type === AST_NODE_TYPES.CallExpression &&
    member.parent.callee === member &&
    mayMutate(getPropertyName(member) ?? '')
  );
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
