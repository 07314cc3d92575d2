import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { Scope, SourceCode } from '@typescript-eslint/utils/ts-eslint';
import {
  getRawClients,
  mayUseClients,
  rawClientDefaults,
  rawClientSchema,
  type RawClientOptions,
} from '../analysis/raw-client/raw-client-options.js';
import {
  isClientExport,
  type RawClient,
  type RawClientSet,
} from '../analysis/raw-client/raw-clients.js';
import { ClientUses, isOnlyHelpers, isOnlyType } from '../analysis/raw-client/client-uses.js';
import { createRule } from '../create-rule.js';

export default createRule({
  name: 'no-raw-client-import',
  meta: {
    type: 'problem',
    description: 'disallow importing a database client outside of the adapter folders',
    messages: {
      rawClient:
        "`{{name}}` of '{{package}}' is a database client, and code here that uses it goes past every repository, transaction and lock. Ask a repository, or move this into an adapter folder (option `adapterFolders`: {{folders}}).",
    },
    schema: rawClientSchema,
    defaultOptions: [rawClientDefaults as RawClientOptions],
    strictOptions: [{ allowFiles: [] }],
  },
  create(context, [options]) {
    const clients = getRawClients(context.cwd, options);
    if (!mayLoad(context.sourceCode, clients)) return {};
    if (mayUseClients(context.filename, context.cwd, options)) return {};
    const folders = (options.adapterFolders ?? rawClientDefaults.adapterFolders).join(', ');

    const uses = new ClientUses(context.sourceCode);

    function report(node: TSESTree.Node, client: RawClient, name: string): void {
      context.report({
        node,
        messageId: 'rawClient',
        data: { name, package: client.package, folders },
      });
    }

    /** A namespace import is reported once, where it stands. */
    function reportFirst(node: TSESTree.Node, client: RawClient, variable: Scope.Variable): void {
      const [first] = uses.ofNamespace(variable, client);
      if (first) report(node, client, `${variable.name}.${first.name}`);
    }

    function checkSpecifier(specifier: TSESTree.ImportClause, client: RawClient): void {
      const [variable] = context.sourceCode.getDeclaredVariables?.(specifier) ?? [];
      if (!variable || isOnlyType(variable) || isOnlyHelpers(variable, client)) return;
      if (specifier.type === AST_NODE_TYPES.ImportNamespaceSpecifier) {
        reportFirst(specifier, client, variable);
        return;
      }
      const name =
        specifier.type === AST_NODE_TYPES.ImportDefaultSpecifier
          ? 'default'
          : getExportedName(specifier.imported);
      if (specifier.type === AST_NODE_TYPES.ImportSpecifier && specifier.importKind === 'type')
        return;
      if (name === 'default' && client.defaultIsNamespace) reportFirst(specifier, client, variable);
      else if (isClientExport(client, name)) report(specifier, client, specifier.local.name);
    }

    function checkDynamic(node: TSESTree.Node, source: TSESTree.Node | undefined): void {
      const specifier = getStaticString(source);
      const client = specifier === null ? undefined : clients.ofSpecifier(specifier);
      if (client) for (const use of uses.ofModule(node, client)) report(use.node, client, use.name);
    }

    return {
      ImportDeclaration(node) {
        const client = clients.ofSpecifier(node.source.value);
        if (!client || node.importKind === 'type') return;
        for (const specifier of node.specifiers) checkSpecifier(specifier, client);
      },
      ExportNamedDeclaration(node) {
        const client = node.source ? clients.ofSpecifier(node.source.value) : undefined;
        if (!client || node.exportKind === 'type') return;
        for (const specifier of node.specifiers) {
          const name = getExportedName(specifier.local);
          if (specifier.exportKind === 'type') continue;
          if (isClientExport(client, name) || (name === 'default' && client.defaultIsNamespace))
            report(specifier, client, name);
        }
      },
      ExportAllDeclaration(node) {
        const client = clients.ofSpecifier(node.source.value);
        if (client && node.exportKind !== 'type') report(node, client, '*');
      },
      ImportExpression(node) {
        checkDynamic(node, node.source);
      },
      CallExpression(node) {
        if (node.callee.type === AST_NODE_TYPES.Identifier && node.callee.name === 'require')
          checkDynamic(node, node.arguments[0]);
      },
      TSImportEqualsDeclaration(node) {
        if (
          node.importKind === 'type' ||
          node.moduleReference.type !== AST_NODE_TYPES.TSExternalModuleReference
        )
          return;
        const specifier = getStaticString(node.moduleReference.expression);
        const client = specifier === null ? undefined : clients.ofSpecifier(specifier);
        const [variable] = context.sourceCode.getDeclaredVariables?.(node) ?? [];
        if (client && variable && !isOnlyType(variable)) reportFirst(node, client, variable);
      },
    };
  },
});

/** Text of what loads a module in the midst of code. */
const LOADS_LATER = /\bimport\s*(?:[(/]|\.(?!\s*meta\b))|\brequire\b|\bmodule\s*['"]/;

/** Whether a file may load a client at all: most need not be walked to know that they do not. */
function mayLoad({ ast, text }: Readonly<SourceCode>, clients: RawClientSet): boolean {
  if (LOADS_LATER.test(text)) return true;
  return ast.body.some((statement) => {
    switch (statement.type) {
      case AST_NODE_TYPES.ImportDeclaration:
      case AST_NODE_TYPES.ExportNamedDeclaration:
      case AST_NODE_TYPES.ExportAllDeclaration:
        return (
          statement.source !== null && clients.ofSpecifier(statement.source.value) !== undefined
        );
      default:
        return false;
    }
  });
}

function getExportedName(node: TSESTree.Identifier | TSESTree.StringLiteral): string {
  return node.type === AST_NODE_TYPES.Identifier ? node.name : node.value;
}

function getStaticString(node: TSESTree.Node | undefined): string | null {
  if (node?.type === AST_NODE_TYPES.Literal)
    return typeof node.value === 'string' ? node.value : null;
  if (node?.type === AST_NODE_TYPES.TemplateLiteral && node.expressions.length === 0)
    return node.quasis[0]?.value.cooked ?? null;
  return null;
}
