import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';

/** What a file declares as a type. */
export type DeclaredType =
  TSESTree.TSInterfaceDeclaration | TSESTree.TSTypeAliasDeclaration | TSESTree.ClassDeclaration;

/** The declaration of a type at the top of the file that names it; `null` when it is from elsewhere. */
export function getDeclaredType(reference: TSESTree.TSTypeReference): DeclaredType | null {
  const { typeName } = reference;
  if (typeName.type !== AST_NODE_TYPES.Identifier) return null;
  for (const statement of getProgram(reference)?.body ?? []) {
    const declaration =
      statement.type === AST_NODE_TYPES.ExportNamedDeclaration ? statement.declaration : statement;
    if (isDeclaredType(declaration) && declaration.id?.name === typeName.name) return declaration;
  }
  return null;
}

function getProgram(node: TSESTree.Node): TSESTree.Program | null {
  let at: TSESTree.Node | undefined = node;
  while (at && at.type !== AST_NODE_TYPES.Program) at = at.parent;
  return at ?? null;
}

function isDeclaredType(node: TSESTree.Node | null): node is DeclaredType {
  return (
    node?.type === AST_NODE_TYPES.TSInterfaceDeclaration ||
    node?.type === AST_NODE_TYPES.TSTypeAliasDeclaration ||
    node?.type === AST_NODE_TYPES.ClassDeclaration
  );
}
