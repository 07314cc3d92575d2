import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import { getPropertyName } from '../../syntax/member-access.js';
import type { SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { isRequestData } from './request-data.js';
import type { FunctionNode } from './initialisation.js';
import { getPropertyKind } from './value-kind.js';
import type { ValueKind } from './kind.js';
import type { WrittenProperty } from './written-property.js';

/** Where in a value the search is. */
export interface Position {
  readonly kind: ValueKind | undefined;
  readonly path: readonly (string | null)[];
  /** The function whose own run counts as initialisation, when not the module. */
  readonly base: FunctionNode | undefined;
  /** Set once the value was handed to a function by code that itself runs later. */
  readonly deferring: TSESTree.Node | null;
  /** Whether the value was taken out of a `Map` with `get`. */
  readonly throughMap: boolean;
  /** How many aliases and helpers lie between the binding and here. */
  readonly hops: number;
}

/** Where a search begins: at the value itself. */
export function startAt(kind: ValueKind | undefined, base: FunctionNode | undefined): Position {
  return { kind, path: [], base, deferring: null, throughMap: false, hops: 0 };
}

/** From a value to what one of its properties holds, or with `null` one of its elements. */
export function enter(position: Position, name: string | null): Position {
  const kind = position.kind && getPropertyKind(position.kind, name);
  const opaque = position.kind?.kind === 'opaque' || position.kind?.kind === 'resource';
  return {
    ...position,
    kind: kind ?? (opaque ? position.kind : undefined),
    path: [...position.path, name],
    throughMap: false,
  };
}

/** Whether a write to a property says that data is kept: on containers always, on what came from elsewhere seldom. */
export function isWritable(
  sourceCode: Readonly<SourceCode>,
  { kind }: Position,
  member: TSESTree.MemberExpression,
  written: WrittenProperty,
): boolean {
  switch (kind?.kind) {
    case 'weak':
    case 'resource':
    case 'nothing':
    // `expression.lastIndex = 0` keeps no data.
    case 'primitive':
      return false;
    case 'opaque':
      // `server.timeout = 5` sets up a resource; `registry[key] = value` and `stats.count += 1` keep data, and what is put
      // there for one request meets the next one.
      return (
        (written.value !== null && isRequestData(sourceCode, written.value)) ||
        (member.computed && getPropertyName(member) === null) ||
        written.node.type === AST_NODE_TYPES.UpdateExpression ||
        (written.node.type === AST_NODE_TYPES.AssignmentExpression &&
          /^[-+*]/.test(written.node.operator))
      );
    default:
      return true;
  }
}
