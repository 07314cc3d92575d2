import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { Scope } from '@typescript-eslint/utils/ts-eslint';
import { getValueKind, OPAQUE, type ValueKind } from './value-kind.js';

export interface BindingKind {
  readonly kind: ValueKind;
  /** What the declaration assigns; `null` when it assigns nothing. */
  readonly initial: TSESTree.Expression | null;
}

/** What kind of value a binding holds, by its annotation, its initial value, or else by what is assigned to it. */
export function getBindingKind(variable: Scope.Variable): BindingKind {
  const definition = variable.defs[0];
  const node = definition?.node;
  switch (node?.type) {
    case AST_NODE_TYPES.VariableDeclarator:
      return getDeclaratorKind(node, variable);
    case AST_NODE_TYPES.FunctionDeclaration:
    case AST_NODE_TYPES.ClassDeclaration:
      return { kind: { kind: 'code' }, initial: null };
    default:
      return { kind: OPAQUE, initial: null };
  }
}

function getDeclaratorKind(
  { id, init }: TSESTree.VariableDeclarator,
  variable: Scope.Variable,
): BindingKind {
  if (id.type !== AST_NODE_TYPES.Identifier) return { kind: OPAQUE, initial: null };
  const annotation = id.typeAnnotation?.typeAnnotation;
  const declared = getValueKind(init, annotation);
  if (declared.kind !== 'nothing') return { kind: declared, initial: init };
  return { kind: getAssignedKind(variable) ?? declared, initial: init };
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
