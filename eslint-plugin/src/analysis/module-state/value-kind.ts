import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import { getCalleeName, getKeyName } from '../../syntax/member-access.js';
import { getLockMaker } from './in-process-locks.js';
import { OPAQUE, type ValueKind } from './kind.js';
import { getTypeKind } from './type-kind.js';
import { unwrapNode } from '../../syntax/unwrap-node.js';

const CONTAINER_CONSTRUCTORS: Readonly<Record<string, ValueKind['kind']>> = {
  Map: 'map',
  Set: 'set',
  Array: 'array',
  WeakMap: 'weak',
  WeakSet: 'weak',
  WeakRef: 'weak',
  Object: 'data',
  Uint8Array: 'array',
  Uint16Array: 'array',
  Uint32Array: 'array',
  Int8Array: 'array',
  Int16Array: 'array',
  Int32Array: 'array',
  Float32Array: 'array',
  Float64Array: 'array',
  Uint8ClampedArray: 'array',
  BigInt64Array: 'array',
  BigUint64Array: 'array',
  URLSearchParams: 'opaque',
  Date: 'primitive',
  RegExp: 'primitive',
  Function: 'code',
};

const ARRAY_RESULTS = new Set([
  'concat',
  'entries',
  'filter',
  'flat',
  'flatMap',
  'from',
  'fill',
  'getOwnPropertyNames',
  'keys',
  'map',
  'of',
  'reverse',
  'slice',
  'sort',
  'split',
  'splice',
  'toSorted',
  'values',
]);

const DATA_RESULTS = new Set(['assign', 'cloneDeep', 'fromEntries', 'parse', 'structuredClone']);

/** Reads what kind of value an expression makes; a type annotation, where there is one, knows better. */
export function getValueKind(
  expression: TSESTree.Expression | null | undefined,
  annotation?: TSESTree.TypeNode,
): ValueKind {
  const declared = annotation && getTypeKind(annotation);
  const value = expression ? getExpressionKind(expression) : undefined;
  if (!declared) return value ?? { kind: 'nothing' };
  if (!value || value.kind === 'nothing') return declared;
  if (value.kind === 'opaque' || value.kind === 'primitive') return declared;
  return { ...value, element: declared.element ?? value.element };
}

function getExpressionKind(expression: TSESTree.Expression): ValueKind {
  const asserted =
    expression.type === AST_NODE_TYPES.TSAsExpression && !isConst(expression.typeAnnotation)
      ? getTypeKind(expression.typeAnnotation)
      : undefined;
  const node = unwrapNode(expression);
  const kind = getPlainKind(node);
  return asserted && (kind.kind === 'opaque' || (asserted.element && !kind.element))
    ? { ...kind, ...asserted }
    : kind;
}

function isConst(type: TSESTree.TypeNode): boolean {
  return (
    type.type === AST_NODE_TYPES.TSTypeReference &&
    type.typeName.type === AST_NODE_TYPES.Identifier &&
    type.typeName.name === 'const'
  );
}

function getPlainKind(node: TSESTree.Expression): ValueKind {
  switch (node.type) {
    case AST_NODE_TYPES.ObjectExpression:
      return { kind: 'data', literal: node, empty: node.properties.length === 0 };
    case AST_NODE_TYPES.ArrayExpression:
      return {
        kind: 'array',
        element: getCommonKind(node.elements),
        empty: node.elements.length === 0,
      };
    case AST_NODE_TYPES.ArrowFunctionExpression:
    case AST_NODE_TYPES.FunctionExpression:
    case AST_NODE_TYPES.ClassExpression:
      return { kind: 'code' };
    case AST_NODE_TYPES.Literal:
    case AST_NODE_TYPES.TemplateLiteral:
    case AST_NODE_TYPES.UnaryExpression:
    case AST_NODE_TYPES.BinaryExpression:
    case AST_NODE_TYPES.UpdateExpression:
      return {
        kind: node.type === AST_NODE_TYPES.Literal && node.value === null ? 'nothing' : 'primitive',
      };
    case AST_NODE_TYPES.Identifier:
      return { kind: node.name === 'undefined' ? 'nothing' : 'opaque' };
    case AST_NODE_TYPES.LogicalExpression:
      return getExpressionKind(node.right);
    case AST_NODE_TYPES.AssignmentExpression:
      return getExpressionKind(node.right);
    case AST_NODE_TYPES.ConditionalExpression: {
      const consequent = getExpressionKind(node.consequent);
      return consequent.kind === 'nothing' ? getExpressionKind(node.alternate) : consequent;
    }
    case AST_NODE_TYPES.NewExpression:
      return getLockKind(node) ?? getConstructedKind(node);
    case AST_NODE_TYPES.CallExpression:
      return getLockKind(node) ?? getResultKind(node);
    default:
      return OPAQUE;
  }
}

function getLockKind(node: TSESTree.NewExpression | TSESTree.CallExpression): ValueKind | null {
  const lock = getLockMaker(node);
  return lock === null ? null : { kind: 'lock', lock };
}

function getConstructedKind(node: TSESTree.NewExpression): ValueKind {
  const kind = CONTAINER_CONSTRUCTORS[getCalleeName(node.callee) ?? ''];
  if (!kind) return OPAQUE;
  const first = node.arguments[0];
  const parameters = node.typeArguments?.params ?? [];
  const declared = parameters.at(-1);
  const element =
    (declared && getTypeKind(declared)) ??
    (kind === 'map' && first?.type === AST_NODE_TYPES.ArrayExpression
      ? getCommonKind(
          first.elements.map((entry) =>
            entry?.type === AST_NODE_TYPES.ArrayExpression ? (entry.elements[1] ?? null) : null,
          ),
        )
      : first?.type === AST_NODE_TYPES.ArrayExpression
        ? getCommonKind(first.elements)
        : undefined);
  return {
    kind,
    element,
    empty:
      first === undefined ||
      (first.type === AST_NODE_TYPES.ArrayExpression && first.elements.length === 0),
  };
}

function getResultKind(node: TSESTree.CallExpression): ValueKind {
  const { callee } = node;
  const name = getCalleeName(callee);
  if (name === null) return OPAQUE;
  if (callee.type === AST_NODE_TYPES.Identifier) {
    if (name === 'Array') return { kind: 'array' };
    if (name === 'structuredClone') return { kind: 'data' };
    return name === 'String' ||
      name === 'Number' ||
      name === 'Boolean' ||
      name === 'BigInt' ||
      name === 'Symbol'
      ? { kind: 'primitive' }
      : OPAQUE;
  }
  const owner = callee.type === AST_NODE_TYPES.MemberExpression ? callee.object : null;
  const ownerName = owner?.type === AST_NODE_TYPES.Identifier ? owner.name : null;
  if (
    ownerName === 'Object' &&
    (name === 'create' || name === 'seal' || name === 'preventExtensions')
  )
    return { kind: 'data', empty: name === 'create' };
  if (ownerName === 'Object' && name === 'freeze') return { kind: 'data' };
  if (ownerName === 'Date' || ownerName === 'Math') return { kind: 'primitive' };
  if (ownerName !== null && DATA_RESULTS.has(name) && /^(?:Object|JSON|_|lodash)$/.test(ownerName))
    return { kind: 'data' };
  if (ARRAY_RESULTS.has(name))
    return { kind: 'array', element: getFilledKind(node, ownerName, name) };
  return OPAQUE;
}

/** What `Array.from({ length }, () => new Set())` and `new Array(n).fill(new Set())` fill an array with. */
function getFilledKind(
  node: TSESTree.CallExpression,
  ownerName: string | null,
  name: string,
): ValueKind | undefined {
  const filler =
    name === 'fill'
      ? node.arguments[0]
      : ownerName === 'Array' && name === 'from'
        ? node.arguments[1]
        : undefined;
  if (!filler || filler.type === AST_NODE_TYPES.SpreadElement) return undefined;
  if (filler.type !== AST_NODE_TYPES.ArrowFunctionExpression)
    return name === 'fill' ? getExpressionKind(filler) : undefined;
  return filler.body.type === AST_NODE_TYPES.BlockStatement
    ? undefined
    : getExpressionKind(filler.body);
}

function getCommonKind(
  elements: readonly (TSESTree.Expression | TSESTree.SpreadElement | null)[],
): ValueKind | undefined {
  const first = elements[0];
  return first && first.type !== AST_NODE_TYPES.SpreadElement
    ? getExpressionKind(first)
    : undefined;
}

/** The kind of a property of `owner`; `undefined` when nothing is known of it. */
export function getPropertyKind(owner: ValueKind, name: string | null): ValueKind | undefined {
  const field = name === null ? undefined : owner.fields?.get(name);
  if (field) return field;
  if (!owner.literal || name === null) return owner.element;
  for (const property of owner.literal.properties) {
    if (property.type !== AST_NODE_TYPES.Property || getKeyName(property) !== name) continue;
    return property.value.type === AST_NODE_TYPES.AssignmentPattern ||
      property.value.type === AST_NODE_TYPES.ObjectPattern ||
      property.value.type === AST_NODE_TYPES.ArrayPattern ||
      property.value.type === AST_NODE_TYPES.TSEmptyBodyFunctionExpression
      ? undefined
      : getExpressionKind(property.value);
  }
  return owner.element;
}
