import type ts from 'typescript';
import type { Flow } from './flow.js';
import type { HeldLock } from './state.js';
import type { Pending, Value } from './value.js';

/** Waits for a value: what its promise stands for goes on while the locks of here are held. */
export function reportPending(flow: Flow, node: ts.Node, value: Value): Value {
  for (const pending of value.pending) {
    const held = pending.awaitedUnder ?? flow.held;
    if (held.length > 0) reportWait(flow, pending, held, flow.site(node));
  }
  return value.pending.length === 0 && value.locks.length === 0
    ? value
    : { ...value, pending: [], locks: [] };
}

function reportWait(
  flow: Flow,
  pending: Pending,
  held: readonly HeldLock[],
  site: { readonly node: ts.Node; readonly path: readonly ts.Node[] },
): void {
  const frame = flow.frames.at(-1);
  if (frame?.kind === 'called') {
    frame.pending.push({ ...pending, awaitedUnder: held });
    return;
  }
  flow.facts.slowWaits.push({
    work: pending.node,
    workPath: pending.path,
    site,
    held,
    kind: 'awaited',
  });
}
