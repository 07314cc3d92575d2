import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { Scope, SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { isFunction, type FunctionNode, type Initialisation } from './initialisation.js';
import { getPropertyName } from '../member-access.js';
import { isTypeReference } from '../type-reference.js';
import { isElementAccessor, isElementMutator, isMutator, isWritingBuiltin } from './mutators.js';
import { getPropertyKind, type ValueKind } from './value-kind.js';

/** One write that runs after initialisation. */
export interface StateWrite {
  /** What a reader looks for: the assignment, the call, the `delete`. */
  readonly node: TSESTree.Node;
  /** The function that runs later, or the class whose instances do. */
  readonly deferring: TSESTree.Node;
  /** `replace` gives a binding or property a new value, `change` alters what it holds. */
  readonly how: 'replace' | 'change';
  /** What a `replace` assigns; `null` where the syntax does not show it (`++`, destructuring). */
  readonly value: TSESTree.Expression | null;
  /** Names of the properties between the binding and the write. */
  readonly path: readonly (string | null)[];
}

/** Where in a value the search is. */
interface Position {
  readonly kind: ValueKind | undefined;
  readonly path: readonly (string | null)[];
  /** The function whose own run counts as initialisation, when not the module. */
  readonly base: FunctionNode | undefined;
  /** Set once the value was handed to a function by code that itself runs later. */
  readonly deferring: TSESTree.Node | null;
  /** Whether the value was taken out of a `Map` with `get`. */
  readonly throughMap: boolean;
  /** How many aliases and helpers lie between the binding and here. */
  readonly hops: number;
}

const MAXIMUM_DEPTH = 12;

/** A bundle passes a value through thousands of functions; people look no further than a few. */
const MAXIMUM_HOPS = 8;

/** Each alias is followed once for what initialisation does with it and once for what runs later. */
class Seen {
  readonly #initial = new Set<Scope.Variable>();
  readonly #deferred = new Set<Scope.Variable>();

  enter(variable: Scope.Variable, { deferring }: Position): boolean {
    const visited = deferring ? this.#deferred : this.#initial;
    if (visited.has(variable)) return false;
    visited.add(variable);
    return true;
  }
}

/** Finds what writes to a binding after its module was initialised, through aliases, elements and local helpers. */
export class StateWrites {
  readonly #sourceCode: Readonly<SourceCode>;
  readonly #initialisation: Initialisation;

  constructor(sourceCode: Readonly<SourceCode>, initialisation: Initialisation) {
    this.#sourceCode = sourceCode;
    this.#initialisation = initialisation;
  }

  /** @param base the function whose own run counts as initialisation, when not the module */
  ofVariable(variable: Scope.Variable, kind: ValueKind, base?: FunctionNode): StateWrite[] {
    const writes: StateWrite[] = [];
    const position: Position = {
      kind,
      path: [],
      base,
      deferring: null,
      throughMap: false,
      hops: 0,
    };
    const seen = new Seen();
    for (const reference of variable.references) {
      if (reference.init) continue;
      if (reference.isWrite()) this.#addReassignment(reference, position, writes);
      if (reference.isRead() && !isTypeReference(reference))
        this.#follow(reference.identifier, position, writes, seen);
    }
    return writes;
  }

  /** Writes through one expression that stands for the state: `this`, a class's name, `globalThis`. */
  ofExpression(
    node: TSESTree.Node,
    kind: ValueKind | undefined,
    base?: FunctionNode,
  ): StateWrite[] {
    const writes: StateWrite[] = [];
    this.#follow(
      node,
      { kind, path: [], base, deferring: null, throughMap: false, hops: 0 },
      writes,
      new Seen(),
    );
    return writes;
  }

  #addReassignment(reference: Scope.Reference, position: Position, writes: StateWrite[]): void {
    const { identifier } = reference;
    const { parent } = identifier;
    const value =
      parent.type === AST_NODE_TYPES.AssignmentExpression && isPlainAssignment(parent)
        ? parent.right
        : null;
    this.#add(writes, position, { node: identifier, how: 'replace', value });
  }

  #add(
    writes: StateWrite[],
    position: Position,
    write: Pick<StateWrite, 'node' | 'how' | 'value'>,
  ): void {
    const deferring =
      this.#initialisation.getDeferring(write.node, position.base) ?? position.deferring;
    if (deferring) writes.push({ ...write, deferring, path: position.path });
  }

  #follow(node: TSESTree.Node, position: Position, writes: StateWrite[], seen: Seen): void {
    if (position.path.length > MAXIMUM_DEPTH) return;
    const { parent } = node;
    switch (parent?.type) {
      case AST_NODE_TYPES.TSNonNullExpression:
      case AST_NODE_TYPES.TSAsExpression:
      case AST_NODE_TYPES.TSSatisfiesExpression:
      case AST_NODE_TYPES.TSTypeAssertion:
      case AST_NODE_TYPES.ChainExpression:
      case AST_NODE_TYPES.AwaitExpression:
      case AST_NODE_TYPES.LogicalExpression:
        this.#follow(parent, position, writes, seen);
        break;
      case AST_NODE_TYPES.ConditionalExpression:
        if (parent.test !== node) this.#follow(parent, position, writes, seen);
        break;
      case AST_NODE_TYPES.MemberExpression:
        if (parent.object === node) this.#followMember(parent, position, writes, seen);
        break;
      case AST_NODE_TYPES.CallExpression:
      case AST_NODE_TYPES.NewExpression:
        if (parent.callee !== node) this.#followArgument(parent, node, position, writes, seen);
        break;
      case AST_NODE_TYPES.VariableDeclarator:
        if (parent.init === node) this.#followPattern(parent.id, parent, position, writes, seen);
        break;
      case AST_NODE_TYPES.AssignmentExpression:
        // `x = state.y ??= []` hands on what it assigned.
        if (parent.left === node && parent.operator !== '=')
          this.#follow(parent, position, writes, seen);
        break;
      case AST_NODE_TYPES.ForOfStatement:
        if (parent.right === node && parent.left.type === AST_NODE_TYPES.VariableDeclaration) {
          const declarator = parent.left.declarations[0];
          if (declarator)
            this.#followPattern(declarator.id, declarator, enter(position, null), writes, seen);
        }
        break;
      default:
    }
  }

  #followMember(
    member: TSESTree.MemberExpression,
    position: Position,
    writes: StateWrite[],
    seen: Seen,
  ): void {
    const name = getPropertyName(member);
    const user = skipAssertions(member);
    const { parent } = user;
    if (parent?.type === AST_NODE_TYPES.CallExpression && parent.callee === user) {
      if (name !== null) this.#followMethod(parent, name, position, writes, seen);
      return;
    }
    const written = getPropertyWrite(user);
    if (written) {
      if (isWritable(position, member, written)) this.#add(writes, enter(position, name), written);
    }
    if (!written || written.how === 'replace')
      this.#follow(member, enter(position, name), writes, seen);
  }

  #followMethod(
    call: TSESTree.CallExpression,
    method: string,
    position: Position,
    writes: StateWrite[],
    seen: Seen,
  ): void {
    const { kind } = position;
    const mutates = kind ? isMutator(kind, method) : isElementMutator(method, position.throughMap);
    if (mutates) {
      this.#add(writes, position, { node: call, how: 'change', value: null });
      return;
    }
    if (!kind || kind.kind === 'opaque') return;
    if (isElementAccessor(method)) {
      const throughMap = kind.kind === 'map';
      this.#follow(call, { ...enter(position, null), throughMap }, writes, seen);
      return;
    }
    const callback = call.arguments[0];
    if (callback && isFunction(callback) && method !== 'sort') {
      const parameter = callback.params[method === 'reduce' ? 1 : 0];
      if (parameter) this.#followPattern(parameter, callback, enter(position, null), writes, seen);
    }
  }

  #followArgument(
    call: TSESTree.CallExpression | TSESTree.NewExpression,
    argument: TSESTree.Node,
    position: Position,
    writes: StateWrite[],
    seen: Seen,
  ): void {
    const index = call.arguments.indexOf(argument as TSESTree.Expression);
    const { callee } = call;
    if (callee.type === AST_NODE_TYPES.MemberExpression) {
      if (index === 0 && position.kind?.kind !== 'opaque' && isWritingCall(callee))
        this.#add(writes, position, { node: call, how: 'change', value: null });
      return;
    }
    if (callee.type !== AST_NODE_TYPES.Identifier) return;
    const local = this.#getLocalFunction(callee);
    const parameter = local?.params[index];
    if (!local || !parameter) return;
    const deferring = position.deferring ?? this.#initialisation.getDeferring(call, position.base);
    this.#followPattern(parameter, local, { ...position, base: local, deferring }, writes, seen);
  }

  #followPattern(
    pattern: TSESTree.Node,
    declaring: TSESTree.Node,
    position: Position,
    writes: StateWrite[],
    seen: Seen,
  ): void {
    if (pattern.type === AST_NODE_TYPES.AssignmentPattern) {
      this.#followPattern(pattern.left, declaring, position, writes, seen);
      return;
    }
    if (pattern.type === AST_NODE_TYPES.ObjectPattern) {
      for (const property of pattern.properties) {
        if (property.type !== AST_NODE_TYPES.Property) continue;
        const name =
          property.key.type === AST_NODE_TYPES.Identifier && !property.computed
            ? property.key.name
            : null;
        this.#followPattern(property.value, declaring, enter(position, name), writes, seen);
      }
      return;
    }
    if (pattern.type === AST_NODE_TYPES.ArrayPattern) {
      // `[key, value]` of a map's entries, or the elements of a list: either way, what the container holds.
      for (const element of pattern.elements)
        if (element) this.#followPattern(element, declaring, position, writes, seen);
      return;
    }
    if (pattern.type !== AST_NODE_TYPES.Identifier) return;
    const variable = this.#sourceCode
      .getDeclaredVariables?.(declaring)
      .find((declared) => declared.name === pattern.name);
    if (!variable || position.hops >= MAXIMUM_HOPS || !seen.enter(variable, position)) return;
    const inside = { ...position, hops: position.hops + 1 };
    for (const reference of variable.references)
      if (reference.isRead() && !isTypeReference(reference))
        this.#follow(reference.identifier, inside, writes, seen);
  }

  #getLocalFunction(callee: TSESTree.Identifier): FunctionNode | null {
    for (
      let scope: Scope.Scope | null = this.#sourceCode.getScope(callee);
      scope;
      scope = scope.upper
    ) {
      const definition = scope.set.get(callee.name)?.defs[0];
      if (!definition) continue;
      const node = definition.node;
      if (node.type === AST_NODE_TYPES.FunctionDeclaration) return node;
      if (node.type !== AST_NODE_TYPES.VariableDeclarator || !node.init) return null;
      return isFunction(node.init) ? node.init : null;
    }
    return null;
  }
}

function enter(position: Position, name: string | null): Position {
  const kind = position.kind && getPropertyKind(position.kind, name);
  const opaque = position.kind?.kind === 'opaque' || position.kind?.kind === 'resource';
  return {
    ...position,
    kind: kind ?? (opaque ? position.kind : undefined),
    path: [...position.path, name],
    throughMap: false,
  };
}

/** Whether a write to a property says that data is kept: on containers always, on what came from elsewhere seldom. */
function isWritable(
  { kind }: Position,
  member: TSESTree.MemberExpression,
  written: Pick<StateWrite, 'how' | 'node'>,
): boolean {
  switch (kind?.kind) {
    case 'weak':
    case 'resource':
    case 'nothing':
    // `expression.lastIndex = 0` keeps no data.
    case 'primitive':
      return false;
    case 'opaque':
      // `server.timeout = 5` sets up a resource; `registry[key] = value` and `stats.count += 1` keep data.
      return (
        (member.computed && getPropertyName(member) === null) ||
        written.node.type === AST_NODE_TYPES.UpdateExpression ||
        (written.node.type === AST_NODE_TYPES.AssignmentExpression &&
          /^[-+*]/.test(written.node.operator))
      );
    default:
      return true;
  }
}

function isWritingCall(callee: TSESTree.MemberExpression): boolean {
  const method = getPropertyName(callee);
  if (method === null) return false;
  if (callee.object.type === AST_NODE_TYPES.Identifier)
    return isWritingBuiltin(callee.object.name, method);
  // Array.prototype.push.call(list, …), Map.prototype.set.call(map, …)
  return (
    (method === 'call' || method === 'apply') &&
    callee.object.type === AST_NODE_TYPES.MemberExpression &&
    isElementMutator(getPropertyName(callee.object) ?? '', true)
  );
}

function skipAssertions(node: TSESTree.Node): TSESTree.Node {
  let outer = node;
  while (
    outer.parent?.type === AST_NODE_TYPES.TSNonNullExpression ||
    outer.parent?.type === AST_NODE_TYPES.TSAsExpression ||
    outer.parent?.type === AST_NODE_TYPES.ChainExpression
  )
    outer = outer.parent;
  return outer;
}

function getPropertyWrite(node: TSESTree.Node): Pick<StateWrite, 'node' | 'how' | 'value'> | null {
  const { parent } = node;
  switch (parent?.type) {
    case AST_NODE_TYPES.AssignmentExpression:
      if (parent.left !== node) return null;
      return {
        node: parent,
        how: isPlainAssignment(parent) ? 'replace' : 'change',
        value: isPlainAssignment(parent) ? parent.right : null,
      };
    case AST_NODE_TYPES.UpdateExpression:
      return { node: parent, how: 'change', value: null };
    case AST_NODE_TYPES.UnaryExpression:
      return parent.operator === 'delete' ? { node: parent, how: 'change', value: null } : null;
    case AST_NODE_TYPES.ArrayPattern:
      return { node, how: 'replace', value: null };
    case AST_NODE_TYPES.ForOfStatement:
    case AST_NODE_TYPES.ForInStatement:
      return parent.left === node ? { node, how: 'replace', value: null } : null;
    case AST_NODE_TYPES.Property:
      return parent.value === node && parent.parent.type === AST_NODE_TYPES.ObjectPattern
        ? { node, how: 'replace', value: null }
        : null;
    default:
      return null;
  }
}

function isPlainAssignment({ operator }: TSESTree.AssignmentExpression): boolean {
  return operator === '=' || operator === '??=' || operator === '||=' || operator === '&&=';
}
