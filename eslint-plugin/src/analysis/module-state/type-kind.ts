import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import { getDeclaredType, type DeclaredType } from './declared-type.js';
import { getLockTypeKind } from './in-process-locks.js';
import type { ValueKind } from './kind.js';

const CONTAINER_TYPES: Readonly<Record<string, ValueKind['kind']>> = {
  Map: 'map',
  ReadonlyMap: 'map',
  Set: 'set',
  ReadonlySet: 'set',
  Array: 'array',
  ReadonlyArray: 'array',
  Record: 'data',
  Partial: 'data',
  Required: 'data',
  Readonly: 'data',
  WeakMap: 'weak',
  WeakSet: 'weak',
  WeakRef: 'weak',
  Date: 'primitive',
};

/** Type names that stand for code: what a second process loads for itself. */
const CODE_TYPE =
  /^Type$|(?:Callback|Class|Constructor|Ctor|Factory|Fn|Function|Handler|Hook|Listener|Middleware|Plugin|Resolver|Strategy|Newable|Definition|Schema|Template|Codec|Parser|Serializer|Validator|Command|Controller|Descriptor|Metadata)s?$/;

/** Type names that stand for a live thing of this process, which no other process could share. */
const RESOURCE_TYPE =
  /(?:Abort|Adapter|Agent|Application|Browser|Channel|ChildProcess|Client|Connection|Consumer|Container|Controller|Cron|Database|DataSource|Dispatcher|Driver|Emitter|Express|Fastify\w*|Instance|Interval|Logger|Pool|Prisma\w*|Producer|Provider|Queue|Redis|Resource|Manager|Platform|Repository|Scheduler|Semaphore|SDK|Sdk|Storage|Store|SecureContext|Instrumentation|Server|Service|Socket|Spinner|Stream|Subscriber|Subscription|Task|Timeout|Timer|Tracer|Transport|Watcher|Worker)s?(?:Type)?$/;

/** Reads what kind of value a type annotation promises; `undefined` when it says nothing of that. */
export function getTypeKind(type: TSESTree.TypeNode): ValueKind | undefined {
  switch (type.type) {
    case AST_NODE_TYPES.TSArrayType:
      return { kind: 'array', element: getTypeKind(type.elementType) };
    case AST_NODE_TYPES.TSTupleType:
      return { kind: 'array' };
    case AST_NODE_TYPES.TSTypeOperator:
      return type.typeAnnotation && getTypeKind(type.typeAnnotation);
    case AST_NODE_TYPES.TSFunctionType:
    case AST_NODE_TYPES.TSConstructorType:
      return { kind: 'code' };
    case AST_NODE_TYPES.TSTypeLiteral:
      return getLiteralKind(type);
    case AST_NODE_TYPES.TSStringKeyword:
    case AST_NODE_TYPES.TSNumberKeyword:
    case AST_NODE_TYPES.TSBooleanKeyword:
    case AST_NODE_TYPES.TSBigIntKeyword:
      return { kind: 'primitive' };
    case AST_NODE_TYPES.TSNullKeyword:
    case AST_NODE_TYPES.TSUndefinedKeyword:
    case AST_NODE_TYPES.TSVoidKeyword:
      return { kind: 'nothing' };
    case AST_NODE_TYPES.TSUnionType:
      return getUnionKind(type);
    case AST_NODE_TYPES.TSTypeQuery:
      return { kind: 'code' };
    case AST_NODE_TYPES.TSTypeReference:
      return getReferenceKind(type);
    default:
      return undefined;
  }
}

function getLiteralKind(type: TSESTree.TSTypeLiteral): ValueKind {
  const index = type.members.find((member) => member.type === AST_NODE_TYPES.TSIndexSignature);
  const kinds = type.members.map(getMemberKind);
  // Whatever comes with a function belongs to this process.
  if (kinds.includes('code')) return { kind: 'code' };
  if (kinds.length > 0 && kinds.every((kind) => kind === 'resource')) return { kind: 'resource' };
  const element = index?.typeAnnotation && getTypeKind(index.typeAnnotation.typeAnnotation);
  return { kind: 'data', element };
}

function getMemberKind(member: TSESTree.TypeElement): ValueKind['kind'] | undefined {
  if (member.type !== AST_NODE_TYPES.TSPropertySignature || !member.typeAnnotation)
    return undefined;
  const kind = getTypeKind(member.typeAnnotation.typeAnnotation);
  // A list of sockets is no more data than a socket.
  return kind?.element?.kind === 'resource' ? 'resource' : kind?.kind;
}

function getUnionKind(type: TSESTree.TSUnionType): ValueKind | undefined {
  const kinds = type.types.map(getTypeKind);
  if (kinds.includes(undefined)) return undefined;
  return kinds.find((kind) => kind && kind.kind !== 'nothing') ?? { kind: 'nothing' };
}

function getReferenceKind(type: TSESTree.TSTypeReference): ValueKind | undefined {
  const name =
    type.typeName.type === AST_NODE_TYPES.Identifier
      ? type.typeName.name
      : type.typeName.type === AST_NODE_TYPES.TSQualifiedName
        ? type.typeName.right.name
        : '';
  const parameters = type.typeArguments?.params ?? [];
  if (name === 'Promise' || name === 'Awaited') {
    const resolved = parameters[0] && getTypeKind(parameters[0]);
    // A promise of nothing is the memory that something was started, not data.
    return resolved?.kind === 'nothing' ? { kind: 'resource' } : resolved;
  }
  if (name === 'ReturnType') return getReturnTypeKind(parameters[0]);
  if (name === 'Partial' || name === 'Required' || name === 'Readonly')
    return (parameters[0] && getTypeKind(parameters[0])) ?? { kind: 'data' };
  const container = Object.hasOwn(CONTAINER_TYPES, name) ? CONTAINER_TYPES[name] : undefined;
  if (container) {
    const last = parameters.at(-1);
    return { kind: container, element: last && getTypeKind(last) };
  }
  const own = getDeclaredType(type);
  if (own) return getOwnKind(own, name);
  const lock = getLockTypeKind(type.typeName, name);
  if (lock) return lock;
  if (CODE_TYPE.test(name)) return { kind: 'code' };
  return RESOURCE_TYPE.test(name) ? { kind: 'resource' } : undefined;
}

/** Types that are being looked at: one may refer to itself. */
const pending = new Set<DeclaredType>();

/**
 * The kind of a type that the file itself declares: whatever it is called, it is data, unless something in it is a live thing
 * of this process, or nothing in it is anything but code.
 */
function getOwnKind(type: DeclaredType, name: string): ValueKind | undefined {
  if (pending.has(type)) return undefined;
  pending.add(type);
  try {
    if (type.type === AST_NODE_TYPES.TSTypeAliasDeclaration) {
      return getTypeKind(type.typeAnnotation) ?? { kind: 'data' };
    }
    const members = getMemberKinds(type);
    if (members.includes('resource')) return { kind: 'resource' };
    const isCode = members.includes('code') || (CODE_TYPE.test(name) && !hasData(type));
    return { kind: isCode ? 'code' : 'data' };
  } finally {
    pending.delete(type);
  }
}

function getMemberKinds(
  type: Exclude<DeclaredType, TSESTree.TSTypeAliasDeclaration>,
): readonly (ValueKind['kind'] | undefined)[] {
  if (type.type === AST_NODE_TYPES.TSInterfaceDeclaration) return type.body.body.map(getMemberKind);
  return type.body.body.flatMap((member) => {
    if (member.type === AST_NODE_TYPES.PropertyDefinition) {
      const annotation = member.typeAnnotation?.typeAnnotation;
      return annotation ? [getTypeKind(annotation)?.kind] : [];
    }
    if (member.type !== AST_NODE_TYPES.MethodDefinition || member.kind !== 'constructor') return [];
    return member.value.params.flatMap((parameter) => {
      const given =
        parameter.type === AST_NODE_TYPES.TSParameterProperty ? parameter.parameter : null;
      const annotation = given?.typeAnnotation?.typeAnnotation;
      return annotation ? [getTypeKind(annotation)?.kind] : [];
    });
  });
}

/** Whether a type has a property that is no function. */
function hasData(type: DeclaredType): boolean {
  return (
    type.type === AST_NODE_TYPES.TSInterfaceDeclaration &&
    type.body.body.some((member) => member.type === AST_NODE_TYPES.TSPropertySignature)
  );
}

/** `ReturnType<typeof setTimeout>`, `ReturnType<typeof createClient>`. */
function getReturnTypeKind(of: TSESTree.TypeNode | undefined): ValueKind | undefined {
  const query = of?.type === AST_NODE_TYPES.TSTypeQuery ? of.exprName : undefined;
  if (query?.type !== AST_NODE_TYPES.Identifier) return undefined;
  return /^(?:set|create|make|build|connect|open|start)/.test(query.name)
    ? { kind: 'resource' }
    : undefined;
}
