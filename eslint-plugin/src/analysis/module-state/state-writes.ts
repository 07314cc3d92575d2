import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { Scope, SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { getPropertyName } from '../../syntax/member-access.js';
import { isTypeReference } from '../../syntax/type-reference.js';
import { getLocal } from './definitions.js';
import { isFunction, type FunctionNode, type Initialisation } from './initialisation.js';
import { isElementAccessor, isElementMutator, isMutator } from './mutators.js';
import { enter, isWritable, startAt, type Position } from './position.js';
import type { StateWrite } from './state-write.js';
import type { ValueKind } from './kind.js';
import {
  getPropertyWrite,
  isPlainAssignment,
  isWritingCall,
  skipAssertions,
  type WrittenProperty,
} from './written-property.js';

const MAXIMUM_DEPTH = 12;

/** A bundle passes a value through thousands of functions; people look no further than a few. */
const MAXIMUM_HOPS = 8;

/** Each alias is followed once for what initialisation does with it and once for what runs later. */
class Seen {
  #initial: Set<Scope.Variable> | undefined;
  #deferred: Set<Scope.Variable> | undefined;

  enter(variable: Scope.Variable, { deferring }: Position): boolean {
    const visited = deferring ? (this.#deferred ??= new Set()) : (this.#initial ??= new Set());
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
    const position = startAt(kind, base);
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
    this.#follow(node, startAt(kind, base), writes, new Seen());
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

  #add(writes: StateWrite[], position: Position, write: WrittenProperty): void {
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
      if (isWritable(this.#sourceCode, position, member, written))
        this.#add(writes, enter(position, name), written);
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
    const local = getLocal(this.#sourceCode, callee);
    if (!local || !isFunction(local)) return;
    const parameter = local.params[index];
    if (!parameter) return;
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
}
