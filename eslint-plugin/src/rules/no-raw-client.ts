import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type ts from 'typescript';
import { getProgramContext } from '../program/program-context.js';
import { ClientTypes, type ClientType } from '../analysis/raw-client/client-types.js';
import {
  getRawClients,
  mayUseClients,
  rawClientDefaults,
  rawClientSchema,
  type RawClientOptions,
} from '../analysis/raw-client/raw-client-options.js';
import { createTypedRule } from '../create-rule.js';

type Called = TSESTree.CallExpression | TSESTree.NewExpression;
type FunctionNode =
  TSESTree.FunctionDeclaration | TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression;

export default createTypedRule({
  name: 'no-raw-client',
  meta: {
    type: 'problem',
    description: 'disallow values whose type is a database client outside of the adapter folders',
    messages: {
      rawClient:
        "`{{name}}` is a database client (`{{type}}` of '{{package}}'): what it does goes past every repository, transaction and lock. Take a repository instead, or move this into an adapter folder (option `adapterFolders`: {{folders}}).",
    },
    schema: rawClientSchema,
    defaultOptions: [rawClientDefaults as RawClientOptions],
    strictOptions: [{ allowFiles: [] }],
  },
  create(context, [options], services) {
    const clients = getRawClients(context.cwd, options);
    if (mayUseClients(context.filename, context.cwd, options)) return {};
    const { checker } = getProgramContext(services.program);
    const types = new ClientTypes(getProgramContext(services.program), clients);
    if (!types.hasAny()) return {};
    const folders = (options.adapterFolders ?? rawClientDefaults.adapterFolders).join(', ');
    // One report for each binding or property, however often a file uses it.
    const reported = new Set<ts.Symbol>();

    function getClient(node: TSESTree.Node): ClientType | null {
      return types.get(checker.getTypeAtLocation(services.esTreeNodeToTSNodeMap.get(node)));
    }

    function report(node: TSESTree.Node, client: ClientType, symbol: ts.Symbol | undefined): void {
      if (symbol) {
        if (reported.has(symbol)) return;
        reported.add(symbol);
      }
      context.report({
        node,
        messageId: 'rawClient',
        data: {
          name: context.sourceCode.getText(node).split('\n', 1)[0]?.slice(0, 60),
          type: client.name,
          package: client.package,
          folders,
        },
      });
    }

    function checkDeclared(pattern: TSESTree.Node): void {
      switch (pattern.type) {
        case AST_NODE_TYPES.Identifier: {
          const client = getClient(pattern);
          if (client) report(pattern, client, services.getSymbolAtLocation(pattern));
          break;
        }
        case AST_NODE_TYPES.AssignmentPattern:
          checkDeclared(pattern.left);
          break;
        case AST_NODE_TYPES.TSParameterProperty:
          checkParameterProperty(pattern);
          break;
        case AST_NODE_TYPES.ArrayPattern:
          for (const element of pattern.elements) if (element) checkDeclared(element);
          break;
        case AST_NODE_TYPES.ObjectPattern:
          for (const property of pattern.properties)
            if (property.type === AST_NODE_TYPES.Property) checkDeclared(property.value);
          break;
        default:
      }
    }

    /** `private readonly pool: Pool` is a parameter and a property; the uses of either count as reported. */
    function checkParameterProperty({ parameter }: TSESTree.TSParameterProperty): void {
      const name = parameter.type === AST_NODE_TYPES.AssignmentPattern ? parameter.left : parameter;
      if (name.type !== AST_NODE_TYPES.Identifier) return;
      const client = getClient(name);
      if (!client) return;
      report(name, client, services.getSymbolAtLocation(name));
      const declaration = services.esTreeNodeToTSNodeMap.get(name)
        .parent as ts.ParameterDeclaration;
      for (const symbol of checker.getSymbolsOfParameterPropertyDeclaration(declaration, name.name))
        reported.add(symbol);
    }

    function checkFunction(node: FunctionNode): void {
      for (const parameter of node.params) checkDeclared(parameter);
    }

    /** A client that a call makes and that no declaration names. */
    function checkCalled(node: Called): void {
      if (isDeclaredValue(node)) return;
      const client = getClient(node);
      if (!client) return;
      // What a client's own method answers is reported at that client.
      if (node.callee.type === AST_NODE_TYPES.MemberExpression && getClient(node.callee.object))
        return;
      report(node, client, undefined);
    }

    function checkImport(specifier: TSESTree.ImportClause): void {
      if (specifier.parent.type !== AST_NODE_TYPES.ImportDeclaration) return;
      if (specifier.parent.importKind === 'type') return;
      if (specifier.type === AST_NODE_TYPES.ImportNamespaceSpecifier) return;
      const client = getClient(specifier.local);
      // The package itself is the other rule's business.
      if (!client || clients?.ofSpecifier(specifier.parent.source.value)) return;
      report(specifier, client, services.getSymbolAtLocation(specifier.local));
    }

    return {
      FunctionDeclaration: checkFunction,
      FunctionExpression: checkFunction,
      ArrowFunctionExpression: checkFunction,
      VariableDeclarator(node) {
        if (!isPlainValue(node.init)) checkDeclared(node.id);
      },
      PropertyDefinition(node) {
        if (isPlainValue(node.value)) return;
        const client = getClient(node.key);
        if (client) report(node.key, client, services.getSymbolAtLocation(node.key));
      },
      ImportSpecifier: checkImport,
      ImportDefaultSpecifier: checkImport,
      ExportSpecifier(node) {
        if (node.parent.source === null || node.parent.exportKind === 'type') return;
        if (clients.ofSpecifier(node.parent.source.value)) return;
        const client = getClient(node.local);
        if (client) report(node, client, services.getSymbolAtLocation(node.local));
      },
      MemberExpression(node) {
        if (node.parent.type === AST_NODE_TYPES.AssignmentExpression && node.parent.left === node)
          return;
        // A method of a client is no client, and looking it up is what costs.
        if (node.parent.type === AST_NODE_TYPES.CallExpression && node.parent.callee === node)
          return;
        const client = getClient(node);
        if (client) report(node, client, services.getSymbolAtLocation(node.property));
      },
      CallExpression: checkCalled,
      NewExpression: checkCalled,
    };
  },
});

/** Whether a declaration right around the value is reported in its place. */
function isDeclaredValue(node: TSESTree.Node): boolean {
  const { parent } = node;
  switch (parent?.type) {
    case AST_NODE_TYPES.AwaitExpression:
    case AST_NODE_TYPES.TSAsExpression:
    case AST_NODE_TYPES.TSNonNullExpression:
    case AST_NODE_TYPES.TSSatisfiesExpression:
    case AST_NODE_TYPES.ChainExpression:
      return isDeclaredValue(parent);
    case AST_NODE_TYPES.VariableDeclarator:
    case AST_NODE_TYPES.PropertyDefinition:
    case AST_NODE_TYPES.AssignmentExpression:
    case AST_NODE_TYPES.AssignmentPattern:
      return true;
    default:
      return false;
  }
}

/** Values that are no client whatever their type: asking costs more than looking. */
function isPlainValue(node: TSESTree.Expression | null): boolean {
  switch (node?.type) {
    case AST_NODE_TYPES.Literal:
    case AST_NODE_TYPES.TemplateLiteral:
    case AST_NODE_TYPES.ArrowFunctionExpression:
    case AST_NODE_TYPES.FunctionExpression:
    case AST_NODE_TYPES.ObjectExpression:
    case AST_NODE_TYPES.ArrayExpression:
    case AST_NODE_TYPES.BinaryExpression:
    case AST_NODE_TYPES.UnaryExpression:
      return true;
    default:
      return false;
  }
}
