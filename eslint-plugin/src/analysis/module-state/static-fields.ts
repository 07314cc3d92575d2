import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { Scope, SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { getKeyName } from '../../syntax/member-access.js';
import type { ClassNode } from './class-node.js';
import type { StateWrite } from './state-write.js';
import type { StateWrites } from './state-writes.js';
import type { ThisUses } from './this-uses.js';
import { getValueKind } from './value-kind.js';
import type { ValueKind } from './kind.js';

/** A static field of a class: one that it declares, or that something writes onto it. */
export interface StaticField {
  readonly name: string;
  /** Its name in the class's body, or else the class. */
  readonly node: TSESTree.Node;
  readonly kind: ValueKind;
  readonly initial: TSESTree.Expression | null;
  readonly writes: readonly StateWrite[];
}

/** The static fields of a class with what writes them after initialisation: the written ones first. */
export function getStaticFields(
  node: ClassNode,
  variable: Scope.Variable,
  sourceCode: Readonly<SourceCode>,
  thisUses: ThisUses,
  stateWrites: StateWrites,
): StaticField[] {
  const members = getMembers(node);
  const fields = new Map(
    [...members].map(([name, { value, typeAnnotation }]) => [
      name,
      getValueKind(value, typeAnnotation?.typeAnnotation),
    ]),
  );
  const uses = new Set([...getUses(node, variable, sourceCode), ...thisUses.ofClass(node)]);
  const byField = groupByField(
    [...uses].flatMap((use) => stateWrites.ofExpression(use, { kind: 'data', fields })),
    new Set(node.body.body.filter(isStaticMethod).map(getKeyName)),
  );
  const unwritten = [...members.keys()].filter((name) => !byField.has(name));
  return [...byField.keys(), ...unwritten].map((name) => {
    const member = members.get(name);
    const writes = byField.get(name) ?? [];
    return {
      name,
      node: member?.key ?? node.id ?? node,
      kind: getKind(fields.get(name), writes),
      initial: member?.value ?? null,
      writes,
    };
  });
}

function getMembers(node: ClassNode): ReadonlyMap<string, TSESTree.PropertyDefinition> {
  const members = new Map<string, TSESTree.PropertyDefinition>();
  for (const member of node.body.body) {
    if (member.type !== AST_NODE_TYPES.PropertyDefinition || !member.static || member.declare)
      continue;
    const name = getKeyName(member);
    if (name !== null) members.set(name, member);
  }
  return members;
}

/** The places that read the class by one of its names. */
function getUses(
  node: ClassNode,
  variable: Scope.Variable,
  sourceCode: Readonly<SourceCode>,
): readonly TSESTree.Node[] {
  return [
    ...(sourceCode.getDeclaredVariables?.(node) ?? []),
    ...(node.type === AST_NODE_TYPES.ClassExpression ? [variable] : []),
  ].flatMap(({ references }) =>
    references
      .filter((reference) => !reference.init && reference.isRead())
      .map(({ identifier }) => identifier as TSESTree.Node),
  );
}

/** Writes by the field that they go through, as writes of that field. */
function groupByField(
  writes: readonly StateWrite[],
  accessors: ReadonlySet<string | null>,
): ReadonlyMap<string, readonly StateWrite[]> {
  const byField = new Map<string, StateWrite[]>();
  for (const write of writes) {
    const [name, ...path] = write.path;
    // What a getter answers with is somebody else's.
    if (
      name === undefined ||
      name === null ||
      name === 'prototype' ||
      (accessors.has(name) && path.length > 0)
    )
      continue;
    const list = byField.get(name);
    if (list) list.push({ ...write, path });
    else byField.set(name, [{ ...write, path }]);
  }
  return byField;
}

function isStaticMethod(member: TSESTree.ClassElement): member is TSESTree.MethodDefinition {
  return member.type === AST_NODE_TYPES.MethodDefinition && member.static;
}

function getKind(declared: ValueKind | undefined, writes: readonly StateWrite[]): ValueKind {
  if (declared && declared.kind !== 'nothing') return declared;
  const assigned = writes.find(({ value }) => value)?.value;
  return assigned ? getValueKind(assigned) : { kind: 'nothing' };
}
