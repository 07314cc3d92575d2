import type { ValueKind } from './kind.js';

const KEYED = new Set(['set', 'add', 'delete', 'clear', 'getOrInsert', 'getOrInsertComputed']);
const GROWING = new Set(['push', 'unshift', 'splice', 'pop', 'shift']);
const ARRAY = new Set([...GROWING, 'copyWithin', 'fill', 'reverse', 'set', 'sort']);

/** Whether calling `method` changes a value of any kind. */
export function mayMutate(method: string): boolean {
  return KEYED.has(method) || ARRAY.has(method);
}

/** Whether calling `method` on a value of that kind changes it. A `set` on what is no container is somebody's own method. */
export function isMutator(kind: ValueKind, method: string): boolean {
  switch (kind.kind) {
    case 'map':
    case 'set':
      return KEYED.has(method);
    case 'array':
      return ARRAY.has(method);
    case 'container':
      return KEYED.has(method) || GROWING.has(method);
    default:
      return false;
  }
}

/** Whether `method` changes what a map or list holds, when nothing is known of what that is. */
export function isElementMutator(method: string, throughMap: boolean): boolean {
  return GROWING.has(method) || (throughMap && KEYED.has(method));
}

const ELEMENT_ACCESSORS = new Set([
  'at',
  'find',
  'findLast',
  'get',
  'values',
  'entries',
  'getOrInsert',
  'getOrInsertComputed',
]);

/** Whether `method` answers with something that the container holds. */
export function isElementAccessor(method: string): boolean {
  return ELEMENT_ACCESSORS.has(method);
}

/** Static methods of built-ins that write into their first argument. */
export function isWritingBuiltin(owner: string, method: string): boolean {
  switch (owner) {
    case 'Object':
      return /^(?:assign|definePropert(?:y|ies)|setPrototypeOf)$/.test(method);
    case 'Reflect':
      return /^(?:set|deleteProperty|defineProperty|setPrototypeOf)$/.test(method);
    case '_':
    case 'lodash':
      return /^(?:assign|defaults|defaultsDeep|extend|merge|pull|pullAll|remove|set|unset|update)$/.test(
        method,
      );
    default:
      return false;
  }
}
