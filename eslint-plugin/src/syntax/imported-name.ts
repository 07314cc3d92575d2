import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import { getCalleeName, getPropertyName } from './member-access.js';
import { unwrapNode } from './unwrap-node.js';

/** What a name of a file stands for in another module. */
export interface ImportedName {
  /** The specifier, as the file writes it. */
  readonly module: string;
  /** The name that the module exports it by; `null` when the name stands for the whole module. */
  readonly name: string | null;
}

const known = new WeakMap<TSESTree.Program, ReadonlyMap<string, ImportedName>>();

/** What an expression such as `Mutex`, `mutexes.Mutex` or `Effect.makeSemaphore` is of which module; `null` when no import brings it. */
export function getImportedName(node: TSESTree.Node): ImportedName | null {
  if (node.type === AST_NODE_TYPES.Identifier) {
    const program = getProgram(node);
    return (program && getImports(program).get(node.name)) ?? null;
  }
  if (node.type === AST_NODE_TYPES.MemberExpression) {
    return enter(getImportedName(node.object), getPropertyName(node));
  }
  return node.type === AST_NODE_TYPES.TSQualifiedName
    ? enter(getImportedName(node.left), node.right.name)
    : null;
}

function enter(owner: ImportedName | null, name: string | null): ImportedName | null {
  return owner && { module: owner.module, name };
}

/** What each name means that a file imports or requires at its top. */
export function getImports(program: TSESTree.Program): ReadonlyMap<string, ImportedName> {
  let imports = known.get(program);
  if (!imports) known.set(program, (imports = new Map(program.body.flatMap(readStatement))));
  return imports;
}

export function getProgram(node: TSESTree.Node): TSESTree.Program | null {
  let at: TSESTree.Node | undefined = node;
  while (at && at.type !== AST_NODE_TYPES.Program) at = at.parent;
  return at ?? null;
}

function readStatement(
  statement: TSESTree.ProgramStatement,
): readonly (readonly [string, ImportedName])[] {
  if (statement.type === AST_NODE_TYPES.ImportDeclaration) {
    const module = statement.source.value;
    return statement.specifiers.map((specifier) => [
      specifier.local.name,
      { module, name: getExportedName(specifier) },
    ]);
  }
  if (statement.type !== AST_NODE_TYPES.VariableDeclaration) return [];
  return statement.declarations.flatMap(readDeclarator);
}

function getExportedName(specifier: TSESTree.ImportClause): string | null {
  if (specifier.type === AST_NODE_TYPES.ImportDefaultSpecifier) return 'default';
  if (specifier.type === AST_NODE_TYPES.ImportNamespaceSpecifier) return null;
  const { imported } = specifier;
  return imported.type === AST_NODE_TYPES.Identifier ? imported.name : imported.value;
}

/** `const Lock = require('lock')`, `const { Lock: Own } = require('lock')`, `const Lock = require('lock').Lock` */
function readDeclarator({
  id,
  init,
}: TSESTree.VariableDeclarator): readonly (readonly [string, ImportedName])[] {
  const value = init && unwrapNode(init);
  const member = value?.type === AST_NODE_TYPES.MemberExpression ? value : null;
  const module = getRequired(member ? member.object : value);
  if (module === null) return [];
  if (id.type === AST_NODE_TYPES.Identifier) {
    return [[id.name, { module, name: member ? getPropertyName(member) : 'default' }]];
  }
  if (id.type !== AST_NODE_TYPES.ObjectPattern) return [];
  return id.properties.flatMap((property) =>
    property.type === AST_NODE_TYPES.Property &&
    property.key.type === AST_NODE_TYPES.Identifier &&
    property.value.type === AST_NODE_TYPES.Identifier
      ? [[property.value.name, { module, name: property.key.name }] as const]
      : [],
  );
}

function getRequired(node: TSESTree.Node | null): string | null {
  if (node?.type !== AST_NODE_TYPES.CallExpression) return null;
  const [module] = node.arguments;
  return getCalleeName(node.callee) === 'require' &&
    module?.type === AST_NODE_TYPES.Literal &&
    typeof module.value === 'string'
    ? module.value
    : null;
}
