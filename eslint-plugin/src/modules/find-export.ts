import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { ParsedModule } from './parsed-module.js';
import type { ImportedName } from '../syntax/imported-name.js';
import { getImports } from '../syntax/imported-name.js';

/** What stands behind a name that a module exports. */
export interface ExportedNode {
  readonly module: ParsedModule;
  /** The function, class or declarator that declares it, or the expression that is exported. */
  readonly node: TSESTree.Node;
}

/** Reads the module that a specifier means in a file; `null` when it is none of the project's. */
export type LoadModule = (specifier: string, from: string) => ParsedModule | null;

/** How many modules may hand a name on. */
const DEPTH = 5;

/** Finds what a module exports by a name, through modules that export it anew; `null` when it is not found. */
export function findExport(
  load: LoadModule,
  module: ParsedModule,
  name: string,
  depth: number = DEPTH,
): ExportedNode | null {
  if (depth === 0) return null;
  const follow = ({ module: specifier, name: exported }: ImportedName): ExportedNode | null => {
    const next = load(specifier, module.file);
    return next && exported !== null ? findExport(load, next, exported, depth - 1) : null;
  };
  const named = (local: string): ExportedNode | null => {
    const node = findDeclared(module.ast, local);
    if (node) return { module, node };
    const imported = getImports(module.ast).get(local);
    return imported ? follow(imported) : null;
  };
  for (const statement of module.ast.body) {
    if (statement.type === AST_NODE_TYPES.ExportDefaultDeclaration && name === 'default') {
      const { declaration } = statement;
      return declaration.type === AST_NODE_TYPES.Identifier
        ? named(declaration.name)
        : { module, node: declaration };
    }
    if (statement.type === AST_NODE_TYPES.ExportNamedDeclaration) {
      const node = statement.declaration && findIn(statement.declaration, name);
      if (node) return { module, node };
      for (const { local, exported } of statement.specifiers) {
        if (getName(exported) !== name) continue;
        return statement.source
          ? follow({ module: statement.source.value, name: getName(local) })
          : named(getName(local));
      }
    }
    const assigned = getCommonExport(statement, name);
    if (assigned) {
      return assigned.type === AST_NODE_TYPES.Identifier
        ? named(assigned.name)
        : { module, node: assigned };
    }
  }
  for (const statement of module.ast.body) {
    if (statement.type !== AST_NODE_TYPES.ExportAllDeclaration || statement.exported) continue;
    const found = follow({ module: statement.source.value, name });
    if (found) return found;
  }
  return null;
}

function getName(node: TSESTree.Identifier | TSESTree.StringLiteral): string {
  return node.type === AST_NODE_TYPES.Identifier ? node.name : node.value;
}

function findDeclared(ast: TSESTree.Program, name: string): TSESTree.Node | null {
  for (const statement of ast.body) {
    const declaration =
      statement.type === AST_NODE_TYPES.ExportNamedDeclaration ||
      statement.type === AST_NODE_TYPES.ExportDefaultDeclaration
        ? statement.declaration
        : statement;
    const found = declaration && findIn(declaration, name);
    if (found) return found;
  }
  return null;
}

function findIn(declaration: TSESTree.Node, name: string): TSESTree.Node | null {
  if (declaration.type === AST_NODE_TYPES.VariableDeclaration) {
    return (
      declaration.declarations.find(
        ({ id }) => id.type === AST_NODE_TYPES.Identifier && id.name === name,
      ) ?? null
    );
  }
  const isNamed =
    (declaration.type === AST_NODE_TYPES.FunctionDeclaration ||
      declaration.type === AST_NODE_TYPES.ClassDeclaration) &&
    declaration.id?.name === name;
  return isNamed ? declaration : null;
}

/** `module.exports = …`, `exports.name = …`, `module.exports = { name }` */
function getCommonExport(
  statement: TSESTree.ProgramStatement,
  name: string,
): TSESTree.Expression | null {
  if (statement.type !== AST_NODE_TYPES.ExpressionStatement) return null;
  const { expression } = statement;
  if (expression.type !== AST_NODE_TYPES.AssignmentExpression) return null;
  const target = getPath(expression.left).replace(/^module\./, '');
  if (target === `exports.${name}`) return expression.right;
  if (target !== 'exports') return null;
  if (name === 'default') return expression.right;
  if (expression.right.type !== AST_NODE_TYPES.ObjectExpression) return null;
  for (const property of expression.right.properties) {
    const isNamed =
      property.type === AST_NODE_TYPES.Property &&
      property.key.type === AST_NODE_TYPES.Identifier &&
      property.key.name === name;
    if (isNamed) return property.value as TSESTree.Expression;
  }
  return null;
}

function getPath(node: TSESTree.Node): string {
  if (node.type === AST_NODE_TYPES.Identifier) return node.name;
  return node.type === AST_NODE_TYPES.MemberExpression &&
    !node.computed &&
    node.property.type === AST_NODE_TYPES.Identifier
    ? `${getPath(node.object)}.${node.property.name}`
    : '';
}
