import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import { isFunction } from './initialisation.js';
import { getKeyName, getPropertyName } from '../../syntax/member-access.js';
import type { StateWrite } from './state-write.js';
import type { StateWrites } from './state-writes.js';
import type { ThisUses } from './this-uses.js';
import type { ClassNode } from './class-node.js';
import { getValueKind } from './value-kind.js';
import { OPAQUE, type ValueKind } from './kind.js';

/** A field in which instances of a class keep data, and where it is written. */
export interface InstanceField {
  readonly name: string;
  readonly write: StateWrite;
  /** The methods that write it, directly or through another method of the class. */
  readonly writers: ReadonlySet<string>;
}

/** The first field of a class that its methods fill or count up; `null` for a class that only holds what it was given. */
export function getInstanceField(
  node: ClassNode,
  thisUses: ThisUses,
  stateWrites: StateWrites,
): InstanceField | null {
  const writes = getFieldWrites(node, thisUses, stateWrites).filter(({ isKept }) => isKept);
  const first = writes[0]?.write;
  if (!first) return null;
  const names = new Set(writes.map(({ write }) => getMethodName(write.deferring)));
  return {
    name: first.path[0] ?? 'a computed field',
    write: first,
    writers: withCallers(names, thisUses.ofInstances(node)),
  };
}

/** A write to a field of an instance after its construction. */
export interface FieldWrite {
  readonly write: StateWrite;
  readonly kind: ValueKind;
  /** Whether it fills a container, or counts up. */
  readonly isKept: boolean;
}

/** All writes to the fields of a class's instances, through `this`. */
export function getFieldWrites(
  node: ClassNode,
  thisUses: ThisUses,
  stateWrites: StateWrites,
): readonly FieldWrite[] {
  const kind: ValueKind = { kind: 'data', fields: getFields(node) };
  return thisUses
    .ofInstances(node)
    .flatMap((use) => stateWrites.ofExpression(use, kind))
    .map((write) => ({
      write,
      kind: kind.fields?.get(write.path[0] ?? '') ?? OPAQUE,
      isKept: keepsData(write, kind),
    }));
}

/** What kinds of values the fields of a class hold, by what it declares and its constructor assigns. */
export function getFields(node: ClassNode): ReadonlyMap<string, ValueKind> {
  const fields = new Map<string, ValueKind>();
  for (const member of node.body.body) {
    if (member.type !== AST_NODE_TYPES.PropertyDefinition || member.static) continue;
    const name = getKeyName(member);
    if (name !== null)
      fields.set(name, getValueKind(member.value, member.typeAnnotation?.typeAnnotation));
  }
  const constructor = node.body.body.find(
    (member) => member.type === AST_NODE_TYPES.MethodDefinition && member.kind === 'constructor',
  );
  if (constructor?.type === AST_NODE_TYPES.MethodDefinition)
    addAssignedFields(constructor.value.body?.body ?? [], fields);
  return fields;
}

function addAssignedFields(
  statements: readonly TSESTree.Statement[],
  fields: Map<string, ValueKind>,
): void {
  for (const statement of statements) {
    if (
      statement.type !== AST_NODE_TYPES.ExpressionStatement ||
      statement.expression.type !== AST_NODE_TYPES.AssignmentExpression
    )
      continue;
    const { left, right } = statement.expression;
    if (
      left.type !== AST_NODE_TYPES.MemberExpression ||
      left.object.type !== AST_NODE_TYPES.ThisExpression
    )
      continue;
    const name = getPropertyName(left);
    const known = name === null ? undefined : fields.get(name);
    if (name !== null && (!known || known.kind === 'nothing'))
      fields.set(name, getValueKind(right));
  }
}

function keepsData({ how, path, deferring }: StateWrite, kind: ValueKind): boolean {
  if (!isFunction(deferring) || isConstructor(deferring)) return false;
  const field = kind.fields?.get(path[0] ?? '') ?? OPAQUE;
  if (field.element && !isData(field.element)) return false;
  switch (field.kind) {
    case 'map':
    case 'set':
    case 'array':
      return true;
    case 'data':
      return how === 'change' || path.length > 1;
    default:
      return how === 'change' && path.length === 1;
  }
}

/** Whether something is data: neither code nor a live thing of the process, nor a container of those. */
export function isData({ kind, element }: ValueKind): boolean {
  if (kind === 'code' || kind === 'resource' || kind === 'weak') return false;
  return !element || isData(element);
}

export function isConstructor(node: TSESTree.Node): boolean {
  return (
    node.parent?.type === AST_NODE_TYPES.MethodDefinition && node.parent.kind === 'constructor'
  );
}

/** The method or field in whose code something stands. */
export function getMethodName(deferring: TSESTree.Node): string {
  for (let at: TSESTree.Node | undefined = deferring; at; at = at.parent) {
    if (
      at.type === AST_NODE_TYPES.MethodDefinition ||
      at.type === AST_NODE_TYPES.PropertyDefinition
    )
      return getKeyName(at) ?? '';
    if (at.type === AST_NODE_TYPES.ClassBody) break;
  }
  return '';
}

/** Adds the methods that call one of `names` on `this`. */
function withCallers(
  names: ReadonlySet<string>,
  uses: readonly TSESTree.ThisExpression[],
): ReadonlySet<string> {
  const all = new Set(names);
  for (let size = -1; size !== all.size;) {
    size = all.size;
    for (const { parent } of uses) {
      if (parent.type !== AST_NODE_TYPES.MemberExpression) continue;
      if (all.has(getPropertyName(parent) ?? '')) all.add(getMethodName(parent));
    }
  }
  return all;
}
