import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';

/** Whether a declaration, or what is around it, is a `declare`: nothing exists at run time. */
export function isAmbient(node: TSESTree.Node): boolean {
  for (let at: TSESTree.Node | undefined = node; at; at = at.parent)
    if ('declare' in at && at.declare) return true;
  return false;
}

/** Whether an import brings a name for types alone. */
export function isTypeImport(
  specifier: TSESTree.ImportSpecifier | TSESTree.ImportDefaultSpecifier,
): boolean {
  const { parent } = specifier;
  return (
    ('importKind' in specifier && specifier.importKind === 'type') ||
    (parent.type === AST_NODE_TYPES.ImportDeclaration && parent.importKind === 'type')
  );
}

/** Whether a name is imported from Node's own modules. */
export function isFromBuiltin(node: TSESTree.Node): boolean {
  return (
    node.type === AST_NODE_TYPES.ImportDeclaration && /^(?:node:|process$)/.test(node.source.value)
  );
}

export function isExported(declarator: TSESTree.VariableDeclarator): boolean {
  return declarator.parent.parent.type === AST_NODE_TYPES.ExportNamedDeclaration;
}

/** Whether a variable is declared as something that nobody can write to, or that keeps nothing alive. */
export function isReadonlyType({ id }: TSESTree.VariableDeclarator): boolean {
  const type =
    id.type === AST_NODE_TYPES.Identifier ? id.typeAnnotation?.typeAnnotation : undefined;
  return (
    type?.type === AST_NODE_TYPES.TSTypeReference &&
    type.typeName.type === AST_NODE_TYPES.Identifier &&
    /^(?:Readonly|Weak)/.test(type.typeName.name)
  );
}
