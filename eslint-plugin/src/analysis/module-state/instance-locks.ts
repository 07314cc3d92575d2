import type { SourceCode } from '@typescript-eslint/utils/ts-eslint';
import type { ClassNode } from './class-node.js';
import { getFields, getFieldWrites } from './instance-state.js';
import { OPAQUE } from './kind.js';
import type { StateWrites } from './state-writes.js';
import type { ThisUses } from './this-uses.js';
import { getWrittenLock } from './written-lock.js';

/** A field of a class that is a lock between the callers of one instance. */
export interface InstanceLock {
  readonly name: string;
  readonly constructedBy: string;
}

/** The fields of a class's instances that are, or hold, locks of this process. */
export function getInstanceLocks(
  node: ClassNode,
  sourceCode: Readonly<SourceCode>,
  thisUses: ThisUses,
  stateWrites: StateWrites,
): readonly InstanceLock[] {
  const kinds = getFields(node);
  const writes = getFieldWrites(node, thisUses, stateWrites).map(({ write }) => write);
  const names = new Set([...kinds.keys(), ...writes.map(({ path }) => path[0] ?? '')]);
  return [...names].flatMap((name) => {
    const own = writes.filter(({ path }) => path[0] === name);
    const lock = getWrittenLock(sourceCode, name, kinds.get(name) ?? OPAQUE, own);
    return lock === null ? [] : [{ name, constructedBy: lock }];
  });
}
