import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { Scope, SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { getPropertyName } from '../../syntax/member-access.js';
import { isTypeReference } from '../../syntax/type-reference.js';
import { isClientExport, type RawClient } from './raw-clients.js';

/** A place where a client is taken out of its package. */
export interface ClientUse {
  readonly node: TSESTree.Node;
  /** The export, or a word for what cannot be told apart. */
  readonly name: string;
}

const WHOLE_PACKAGE = '*';

/** Finds what a file takes out of a package that it has as a whole. */
export class ClientUses {
  readonly #sourceCode: Readonly<SourceCode>;

  constructor(sourceCode: Readonly<SourceCode>) {
    this.#sourceCode = sourceCode;
  }

  /** Uses of a name that stands for the package: `import * as pg`, `const pg = require('pg')`. */
  *ofNamespace(variable: Scope.Variable, client: RawClient): Generator<ClientUse> {
    for (const reference of variable.references)
      if (!reference.init && !isTypeReference(reference))
        yield* this.ofModule(reference.identifier, client);
  }

  /** Uses of an expression that stands for the package: `require('pg')`, `await import('pg')`. */
  *ofModule(node: TSESTree.Node, client: RawClient): Generator<ClientUse> {
    const { parent } = node;
    switch (parent?.type) {
      case AST_NODE_TYPES.AwaitExpression:
      case AST_NODE_TYPES.ChainExpression:
      case AST_NODE_TYPES.TSNonNullExpression:
      case AST_NODE_TYPES.TSAsExpression:
        yield* this.ofModule(parent, client);
        break;
      case AST_NODE_TYPES.MemberExpression:
        if (parent.object === node) yield* this.#ofMember(parent, client);
        else yield { node, name: WHOLE_PACKAGE };
        break;
      case AST_NODE_TYPES.VariableDeclarator:
        yield* this.#ofPattern(parent.id, parent, client);
        break;
      // Loaded for its effects, or named in a type.
      case AST_NODE_TYPES.ExpressionStatement:
      case AST_NODE_TYPES.TSImportEqualsDeclaration:
      case AST_NODE_TYPES.TSQualifiedName:
        break;
      default:
        yield { node, name: WHOLE_PACKAGE };
    }
  }

  *#ofMember(member: TSESTree.MemberExpression, client: RawClient): Generator<ClientUse> {
    const name = getPropertyName(member);
    if (name === null || isClientExport(client, name))
      yield { node: member, name: name ?? WHOLE_PACKAGE };
    else if (name === 'default') yield* this.ofModule(member, client);
    else if (name === 'then') yield* this.#ofThen(member, client);
  }

  *#ofThen(member: TSESTree.MemberExpression, client: RawClient): Generator<ClientUse> {
    const call = member.parent;
    const callback = call.type === AST_NODE_TYPES.CallExpression ? call.arguments[0] : undefined;
    if (
      callback?.type !== AST_NODE_TYPES.ArrowFunctionExpression &&
      callback?.type !== AST_NODE_TYPES.FunctionExpression
    ) {
      yield { node: member, name: WHOLE_PACKAGE };
      return;
    }
    const parameter = callback.params[0];
    if (parameter) yield* this.#ofPattern(parameter, callback, client);
  }

  *#ofPattern(
    pattern: TSESTree.Node,
    declaring: TSESTree.Node,
    client: RawClient,
  ): Generator<ClientUse> {
    if (pattern.type === AST_NODE_TYPES.Identifier) {
      const variables = this.#sourceCode.getDeclaredVariables?.(declaring) ?? [];
      const variable = variables.find(({ name }) => name === pattern.name);
      if (variable) yield* this.ofNamespace(variable, client);
      return;
    }
    if (pattern.type !== AST_NODE_TYPES.ObjectPattern) return;
    for (const property of pattern.properties) {
      if (property.type !== AST_NODE_TYPES.Property) continue;
      if (property.key.type !== AST_NODE_TYPES.Identifier) continue;
      const { name } = property.key;
      if (isClientExport(client, name)) yield { node: property, name };
      else if (name === 'default') yield* this.#ofPattern(property.value, declaring, client);
    }
  }
}

/** Whether an import is used, and nowhere as a value: the compiler then drops it. */
export function isOnlyType(variable: Scope.Variable): boolean {
  return variable.references.length > 0 && variable.references.every(isTypeReference);
}

/** Whether every use of an imported client is one of its helpers, which need no connection. */
export function isOnlyHelpers(variable: Scope.Variable, { helpers = [] }: RawClient): boolean {
  const uses = variable.references.filter((reference) => !isTypeReference(reference));
  return (
    uses.length > 0 &&
    uses.every(({ identifier: { parent } }) => {
      const name = parent.type === AST_NODE_TYPES.MemberExpression ? getPropertyName(parent) : null;
      return name !== null && helpers.includes(name);
    })
  );
}
