import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { getDefinition } from './definitions.js';
import { isFunction } from './initialisation.js';

/** What handlers call the request that they answer, and the types of it. */
const REQUEST_NAME = /^_?(?:req|request|ctx|context)$/;
const REQUEST_TYPE = /(?:Request|Context|IncomingMessage)$/;

/** How many names a value is followed through. */
const DEPTH = 4;

/** Whether a value is made of what a request brought along. */
export function isRequestData(
  sourceCode: Readonly<SourceCode>,
  value: TSESTree.Node,
  depth = DEPTH,
): boolean {
  if (depth === 0 || isFunction(value)) return false;
  if (value.type === AST_NODE_TYPES.Identifier) return isOfRequest(sourceCode, value, depth);
  const keys =
    value.type === AST_NODE_TYPES.MemberExpression && !value.computed
      ? ['object']
      : (sourceCode.visitorKeys[value.type] ?? []);
  return keys.some((key) => {
    const child = (value as unknown as Record<string, unknown>)[key];
    return (Array.isArray(child) ? child : [child]).some(
      (part: unknown) => isNode(part) && isRequestData(sourceCode, part, depth),
    );
  });
}

function isNode(value: unknown): value is TSESTree.Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

function isOfRequest(
  sourceCode: Readonly<SourceCode>,
  identifier: TSESTree.Identifier,
  depth: number,
): boolean {
  const node = getDefinition(sourceCode, identifier)?.node;
  if (node?.type === AST_NODE_TYPES.VariableDeclarator) {
    return node.init !== null && isRequestData(sourceCode, node.init, depth - 1);
  }
  return (
    node !== undefined &&
    isFunction(node) &&
    node.params.some((parameter) => isRequest(parameter, identifier.name))
  );
}

/** Whether a parameter that declares a name is a request, or is taken out of one. */
function isRequest(parameter: TSESTree.Parameter, name: string): boolean {
  const pattern = parameter.type === AST_NODE_TYPES.AssignmentPattern ? parameter.left : parameter;
  if (pattern.type === AST_NODE_TYPES.Identifier) {
    return pattern.name === name && (REQUEST_NAME.test(name) || hasRequestType(pattern));
  }
  return pattern.type === AST_NODE_TYPES.ObjectPattern && hasRequestType(pattern);
}

function hasRequestType({ typeAnnotation }: TSESTree.Identifier | TSESTree.ObjectPattern): boolean {
  const type = typeAnnotation?.typeAnnotation;
  return (
    type?.type === AST_NODE_TYPES.TSTypeReference &&
    type.typeName.type === AST_NODE_TYPES.Identifier &&
    REQUEST_TYPE.test(type.typeName.name)
  );
}
