import { AST_NODE_TYPES } from '@typescript-eslint/utils';
import type { Scope } from '@typescript-eslint/utils/ts-eslint';

/** What only a window of a browser has. */
const BROWSER_GLOBALS = new Set(['document', 'sessionStorage', 'window']);

/**
 * Whether a file runs in a browser, where each window has its own: it uses what only a browser has. A file that asks first
 * whether it is there (`typeof document`) runs on a server, too.
 */
export function isBrowserScript({ set, through }: Scope.Scope): boolean {
  const declared = [...BROWSER_GLOBALS].flatMap((name) => {
    const variable = set.get(name);
    return variable?.defs.length === 0 ? variable.references : [];
  });
  const uses = [...declared, ...through]
    .map(({ identifier }) => identifier)
    .filter(({ name }) => typeof name === 'string' && BROWSER_GLOBALS.has(name));
  return uses.length > 0 && !uses.some(({ parent }) => isTypeof(parent));
}

function isTypeof(node: { readonly type: AST_NODE_TYPES; readonly operator?: string }): boolean {
  return node.type === AST_NODE_TYPES.UnaryExpression && node.operator === 'typeof';
}
