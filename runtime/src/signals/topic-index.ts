import { buildTopic, splitTopic, type SignalPath } from './signal-path.js';

/** What a subscriber of a path is told: its parameters, decoded. */
export type TopicListenerEntry = (values: Readonly<Record<string, string>>) => void;

/** The subscriptions of one path that name the same parameters, by the values they ask for. */
interface FilterGroup {
  readonly parameters: readonly string[];
  readonly byValues: Map<string, Set<TopicListenerEntry>>;
}

interface Route {
  readonly path: SignalPath;
  readonly filters: Map<string, FilterGroup>;
}

interface Node {
  readonly literals: Map<string, Node>;
  parameter: Node | undefined;
  readonly routes: Route[];
}

/** Finds the subscriptions of a topic by look-up: its cost does not grow with the number of subscriptions. */
export class TopicIndex {
  readonly #root = createNode();

  /**
   * Adds a subscription.
   *
   * @param only - the values that some parameters must have
   * @returns a function that removes it
   */
  add(
    path: SignalPath,
    only: Readonly<Record<string, string>>,
    listener: TopicListenerEntry,
  ): () => void {
    const route = this.#route(path);
    const parameters = path.parameters.filter((name) => only[name] !== undefined);
    const groupKey = parameters.join(' ');
    let group = route.filters.get(groupKey);
    if (group === undefined)
      route.filters.set(groupKey, (group = { parameters, byValues: new Map() }));

    const { byValues } = group;
    const key = valuesKey(parameters, only);
    const listeners = byValues.get(key) ?? new Set<TopicListenerEntry>();
    byValues.set(key, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && byValues.get(key) === listeners) byValues.delete(key);
      if (byValues.size === 0 && route.filters.get(groupKey)?.byValues === byValues)
        route.filters.delete(groupKey);
    };
  }

  /**
   * Calls every subscription that a topic is for.
   *
   * @throws URIError or TypeError when the topic is none that `emit` could have built
   */
  dispatch(topic: string): void {
    const segments = splitTopic(topic);
    for (const route of matchingRoutes(this.#root, segments, 0)) {
      const values = parameterValues(route.path, segments);
      // A topic has one spelling: what decodes to the same values but is written differently was not built by emit.
      if (buildTopic(route.path, values) !== topic)
        throw new TypeError('not in the form that emit writes');
      const called = [...route.filters.values()].flatMap((group) => [
        ...(group.byValues.get(valuesKey(group.parameters, values)) ?? []),
      ]);
      for (const listener of called) listener(values);
    }
  }

  #route(path: SignalPath): Route {
    let node = this.#root;
    for (const { text, isParameter } of path.segments) {
      const next = (isParameter ? node.parameter : node.literals.get(text)) ?? createNode();
      if (isParameter) node.parameter = next;
      else node.literals.set(text, next);
      node = next;
    }
    let route = node.routes.find((candidate) => candidate.path.pattern === path.pattern);
    if (route === undefined) node.routes.push((route = { path, filters: new Map() }));
    return route;
  }
}

function createNode(): Node {
  return { literals: new Map(), parameter: undefined, routes: [] };
}

function* matchingRoutes(node: Node, segments: readonly string[], depth: number): Generator<Route> {
  const segment = segments[depth];
  if (segment === undefined) {
    yield* node.routes;
    return;
  }
  const literal = node.literals.get(segment);
  if (literal !== undefined) yield* matchingRoutes(literal, segments, depth + 1);
  if (node.parameter !== undefined) yield* matchingRoutes(node.parameter, segments, depth + 1);
}

function parameterValues(path: SignalPath, segments: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  path.segments.forEach(({ text, isParameter }, index) => {
    if (isParameter) values[text] = segments[index] ?? '';
  });
  return values;
}

function valuesKey(
  parameters: readonly string[],
  values: Readonly<Record<string, string>>,
): string {
  return parameters.map((name) => encodeURIComponent(values[name] ?? '')).join('/');
}
