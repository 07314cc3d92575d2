import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { Scope } from '@typescript-eslint/utils/ts-eslint';
import { getValueKind } from './value-kind.js';
import { OPAQUE, type ValueKind } from './kind.js';

/** What kind of value a binding holds, by its annotation, its initial value, or else by what is assigned to it. */
export function getBindingKind(variable: Scope.Variable): ValueKind {
  const definition = variable.defs[0];
  const node = definition?.node;
  switch (node?.type) {
    case AST_NODE_TYPES.VariableDeclarator:
      return getDeclaratorKind(node, variable);
    case AST_NODE_TYPES.FunctionDeclaration:
    case AST_NODE_TYPES.ClassDeclaration:
      return { kind: 'code' };
    default:
      return OPAQUE;
  }
}

/** What a declaration assigns to its name as a whole; `null` when it assigns nothing. */
export function getInitialValue({
  id,
  init,
}: TSESTree.VariableDeclarator): TSESTree.Expression | null {
  return id.type === AST_NODE_TYPES.Identifier ? init : null;
}

function getDeclaratorKind(
  { id, init }: TSESTree.VariableDeclarator,
  variable: Scope.Variable,
): ValueKind {
  if (id.type !== AST_NODE_TYPES.Identifier) return OPAQUE;
  const declared = getValueKind(init, id.typeAnnotation?.typeAnnotation);
  return declared.kind === 'nothing' ? (getAssignedKind(variable) ?? declared) : declared;
}

function getAssignedKind(variable: Scope.Variable): ValueKind | undefined {
  let opaque: ValueKind | undefined;
  for (const { identifier } of variable.references) {
    const { parent } = identifier;
    if (parent.type !== AST_NODE_TYPES.AssignmentExpression || parent.left !== identifier) continue;
    const kind = getValueKind(parent.right);
    if (kind.kind !== 'opaque' && kind.kind !== 'nothing') return kind;
    opaque ??= kind.kind === 'opaque' ? kind : undefined;
  }
  return opaque;
}
