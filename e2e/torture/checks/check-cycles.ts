import type { FinalState, History } from '../history/history.js';
import type { Anomaly, AnomalyName } from './anomaly.js';

type Dependency = 'ww' | 'wr' | 'rw';

/** For each transaction, the transactions that must come after it, and why. */
type Graph = Map<string, Map<string, Set<Dependency>>>;

/**
 * The transactions can be put in one order that explains what each saw under its locks: their dependencies (Adya's
 * write-write, write-read and read-write edges, with the version order that the lists show) form no cycle.
 */
export function checkCycles(history: History, final: FinalState): Anomaly[] {
  const graph = buildGraph(history, final);
  return stronglyConnected(graph)
    .filter((component) => component.length > 1)
    .map((component) => ({ name: classify(graph, component), detail: describe(graph, component) }));
}

function buildGraph(history: History, final: FinalState): Graph {
  const writer = new Map<string, string>();
  for (const { id, writes } of history.transactions.values()) {
    for (const { entry } of writes) writer.set(entry, id);
  }
  const graph: Graph = new Map();
  const link = (from: string | undefined, to: string | undefined, dependency: Dependency): void => {
    if (from === undefined || to === undefined || from === to) return;
    const targets = graph.get(from) ?? new Map<string, Set<Dependency>>();
    graph.set(from, targets);
    targets.set(to, (targets.get(to) ?? new Set()).add(dependency));
  };

  for (const list of final.lists.values()) {
    list.forEach((entry, index) =>
      link(writer.get(list[index - 1] ?? ''), writer.get(entry), 'ww'),
    );
  }
  for (const { id, locks, outcome } of history.transactions.values()) {
    if (outcome === 'fail') continue;
    for (const { key, length, last } of locks) {
      const list = final.lists.get(key);
      if (list === undefined || (last !== null && list[length - 1] !== last)) continue;
      if (last !== null) link(writer.get(last), id, 'wr');
      link(id, writer.get(list[length] ?? ''), 'rw');
    }
  }
  return graph;
}

/** Tarjan's algorithm, "Depth-first search and linear graph algorithms" (1972), without recursion. */
function stronglyConnected(graph: Graph): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const onStack = new Set<string>();
  const stack: string[] = [];
  const components: string[][] = [];

  for (const root of graph.keys()) {
    if (index.has(root)) continue;
    const frames = [enter(root)];
    while (frames.length > 0) {
      const frame = frames.at(-1);
      if (frame === undefined) break;
      const next = frame.targets.next();
      if (next.done !== true) {
        if (!index.has(next.value)) frames.push(enter(next.value));
        else if (onStack.has(next.value)) lower(frame.node, index.get(next.value) ?? 0);
        continue;
      }
      frames.pop();
      const parent = frames.at(-1);
      if (parent !== undefined) lower(parent.node, low.get(frame.node) ?? 0);
      if (low.get(frame.node) === index.get(frame.node)) components.push(popComponent(frame.node));
    }
  }
  return components;

  function enter(node: string): { node: string; targets: Iterator<string> } {
    index.set(node, index.size);
    low.set(node, index.get(node) ?? 0);
    stack.push(node);
    onStack.add(node);
    return { node, targets: (graph.get(node) ?? new Map<string, never>()).keys() };
  }

  function lower(node: string, value: number): void {
    low.set(node, Math.min(low.get(node) ?? value, value));
  }

  function popComponent(last: string): string[] {
    const component = stack.splice(stack.lastIndexOf(last));
    for (const node of component) onStack.delete(node);
    return component;
  }
}

function classify(graph: Graph, component: readonly string[]): AnomalyName {
  if (hasCycle(graph, component, ['ww'])) return 'cycle of writes (G0)';
  if (hasCycle(graph, component, ['ww', 'wr'])) return 'cyclic information flow (G1c)';
  return countAntiDependencies(graph, component) === 1
    ? 'read skew (G-single)'
    : 'anti-dependency cycle (G2)';
}

function hasCycle(
  graph: Graph,
  component: readonly string[],
  kinds: readonly Dependency[],
): boolean {
  const inside = new Set(component);
  const reduced: Graph = new Map(
    component.map((node) => {
      const targets = [...(graph.get(node) ?? [])].filter(
        ([target, dependencies]) =>
          inside.has(target) && kinds.some((kind) => dependencies.has(kind)),
      );
      return [node, new Map(targets)];
    }),
  );
  return stronglyConnected(reduced).some((found) => found.length > 1);
}

function countAntiDependencies(graph: Graph, component: readonly string[]): number {
  return edges(graph, component).filter(([, , kinds]) => kinds.size === 1 && kinds.has('rw'))
    .length;
}

function edges(graph: Graph, component: readonly string[]): [string, string, Set<Dependency>][] {
  const inside = new Set(component);
  return component.flatMap((from) =>
    [...(graph.get(from) ?? [])]
      .filter(([to]) => inside.has(to))
      .map(([to, kinds]): [string, string, Set<Dependency>] => [from, to, kinds]),
  );
}

function describe(graph: Graph, component: readonly string[]): string {
  return edges(graph, component)
    .slice(0, 8)
    .map(([from, to, kinds]) => `${from} -${[...kinds].join('+')}-> ${to}`)
    .join(', ');
}
