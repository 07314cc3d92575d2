import { buildTopic, parseTopic, type SignalPath } from '../../signals/signal-path.js';

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
    const { segments, isPlain } = parseTopic(topic);
    const routes: Route[] = [];
    collectRoutes(this.#root, segments, 0, routes);
    for (const { path, filters } of routes) {
      const values = parameterValues(path, segments);
      // A topic has one spelling: what decodes to the same values but is written differently was not built by emit.
      if (!isPlain && buildTopic(path, values) !== topic)
        throw new TypeError('not in the form that emit writes');
      // All of them before the first is called: it may end some, or begin others.
      const called: TopicListenerEntry[] = [];
      for (const { parameters, byValues } of filters.values())
        for (const listener of byValues.get(valuesKey(parameters, values)) ?? [])
          called.push(listener);
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

/** Adds the routes that match the segments from one on, below a node. */
function collectRoutes(
  { literals, parameter, routes }: Node,
  segments: readonly string[],
  index: number,
  found: Route[],
): void {
  const segment = segments[index];
  if (segment === undefined) {
    found.push(...routes);
    return;
  }
  const literal = literals.size === 0 ? undefined : literals.get(segment);
  if (literal !== undefined) collectRoutes(literal, segments, index + 1, found);
  if (parameter !== undefined) collectRoutes(parameter, segments, index + 1, found);
}

function parameterValues(path: SignalPath, segments: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [index, { text, isParameter }] of path.segments.entries())
    if (isParameter) values[text] = segments[index] ?? '';
  return values;
}

function valuesKey(
  parameters: readonly string[],
  values: Readonly<Record<string, string>>,
): string {
  return parameters.map((name) => encodeURIComponent(values[name] ?? '')).join('/');
}
