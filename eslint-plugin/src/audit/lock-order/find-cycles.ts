import type { LockEdge } from '../model/lock-order.js';

/** The groups of nodes that lead to each other: those of more than one node, and nodes that lead to themselves. */
export function findCycles(
  nodes: readonly string[],
  edges: readonly Pick<LockEdge, 'from' | 'to'>[],
): readonly (readonly string[])[] {
  const next = new Map(nodes.map((node) => [node, [] as string[]]));
  for (const { from, to } of edges) next.get(from)?.push(to);
  const reached = new Map(nodes.map((node) => [node, reach(node, next)]));
  const left = new Set(nodes);
  const cycles: string[][] = [];
  for (const node of nodes) {
    if (!left.has(node) || !reached.get(node)?.has(node)) continue;
    const group = [...left].filter(
      (other) => reached.get(node)?.has(other) && reached.get(other)?.has(node),
    );
    for (const member of group) left.delete(member);
    cycles.push(group);
  }
  return cycles;
}

/** All nodes that a node leads to. */
function reach(from: string, next: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set<string>();
  const pending = [...(next.get(from) ?? [])];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    pending.push(...(next.get(node) ?? []));
  }
  return found;
}
