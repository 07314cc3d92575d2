import type ts from 'typescript';
import { getReportNode, type FlowFacts, type LockFact } from '../flow/facts.js';
import { getFlowFacts } from '../flow/file-facts.js';
import { ANY_ELEMENT, isSameIdentity, type Identity } from '../flow/identity.js';
import type { HeldLock, LoopScope } from '../flow/state.js';
import type { Site } from '../flow/value.js';

/** A lock that is taken where it can close a circle of transactions that wait for each other. */
export interface LockOrderFinding {
  readonly kind: 'loop' | 'concurrent' | 'sameModel' | 'opposite';
  readonly node: ts.Node;
  readonly lock: HeldLock;
  /** The lock that is held already, for `sameModel` and `opposite`. */
  readonly held?: HeldLock;
  /** Where the opposite order is, for `opposite`. */
  readonly elsewhere?: ts.Node;
}

export function findLockOrders(program: ts.Program, facts: FlowFacts): readonly LockOrderFinding[] {
  const found = new Findings();
  const identities = identitiesBySite(facts.locks);
  const inLoops = new Set(facts.locks.filter((fact) => isVaryingInLoop(fact, identities)));
  for (const fact of inLoops) addLoop(found, fact);
  for (const { site, locks } of facts.concurrentLocks) addConcurrent(found, site, locks);
  const concurrent = new Set(facts.concurrentLocks.flatMap(({ locks }) => locks));
  for (const fact of facts.locks) {
    if (!inLoops.has(fact) && !concurrent.has(fact.lock)) addSameModel(found, fact);
  }
  addOpposites(found, program, facts);
  return found.all();
}

/** One finding for each place: the first that is added. */
class Findings {
  readonly #byNode = new Map<ts.Node, LockOrderFinding>();

  add(node: ts.Node | null, finding: Omit<LockOrderFinding, 'node'>): void {
    if (node && !this.#byNode.has(node)) this.#byNode.set(node, { ...finding, node });
  }

  all(): readonly LockOrderFinding[] {
    return [...this.#byNode.values()];
  }
}

/** What was locked at each place; a second round of a loop may lock something else than the first. */
function identitiesBySite(locks: readonly LockFact[]): ReadonlyMap<ts.Node, ReadonlySet<string>> {
  const result = new Map<ts.Node, Set<string>>();
  for (const { lock } of locks) {
    if (!lock.identity) continue;
    const keys = result.get(lock.site.node);
    if (keys) keys.add(lock.identity.key);
    else result.set(lock.site.node, new Set([lock.identity.key]));
  }
  return result;
}

/** The loop of the lock's own transaction, if any: a transaction of each round holds one lock at a time. */
function getLoop({ lock, loops }: LockFact): LoopScope | undefined {
  return loops.findLast((loop) => loop.scope === lock.scope);
}

function isVaryingInLoop(
  fact: LockFact,
  identities: ReadonlyMap<ts.Node, ReadonlySet<string>>,
): boolean {
  const { lock } = fact;
  const loop = getLoop(fact);
  if (!loop || !lock.isBlocking || fact.isOrdered || lock.operation === 'lockMany') return false;
  if (lock.identity?.key.includes(`[${ANY_ELEMENT}]`)) return true;
  if (lock.identity?.origins.some((origin) => isWithin(origin, loop.node))) return true;
  const isHere = isWithin(lock.site.node, loop.node);
  return isHere && (identities.get(lock.site.node)?.size ?? 0) > 1;
}

function isWithin(node: ts.Node, loop: ts.Node): boolean {
  return (
    node.pos >= loop.pos && node.end <= loop.end && node.getSourceFile() === loop.getSourceFile()
  );
}

function addLoop(found: Findings, fact: LockFact): void {
  const loop = getLoop(fact);
  if (!loop) return;
  const kind = loop.isConcurrent ? 'concurrent' : 'loop';
  found.add(getReportNode(fact.lock.site, [loop]), { kind, lock: fact.lock });
}

function addConcurrent(found: Findings, site: Site, locks: readonly HeldLock[]): void {
  const blocking = locks.filter((lock) => lock.isBlocking);
  const [lock, second] = blocking;
  if (!lock || !second) return;
  const causes = blocking.map((other) => other.site);
  found.add(getReportNode(site, causes), { kind: 'concurrent', lock });
}

function addSameModel(found: Findings, fact: LockFact): void {
  const { lock, heldBefore } = fact;
  if (fact.isOrdered || !lock.isBlocking || lock.model === null) return;
  const held = heldBefore.find((other) => isSecondOfModel(fact, other));
  if (held) found.add(getReportNode(lock.site, [held.site]), { kind: 'sameModel', lock, held });
}

/** Another row of the same model, and neither of them says which one the other is. */
function isSecondOfModel(fact: LockFact, held: HeldLock): boolean {
  const { lock, derivedFrom } = fact;
  if (held.model !== lock.model || !held.isBlocking || isSameRound(fact, held)) return false;
  if (!held.identity || !lock.identity) return false;
  // Which row unknown code hands to a callback, nobody knows.
  if (held.operation === 'lockName' || held.operation === 'callback') return false;
  const { identity } = held;
  if (isSameIdentity(identity, lock.identity)) return false;
  if (isConstant(identity) && isConstant(lock.identity)) return false;
  if (lock.identity.element?.collection === identity.key) return false;
  return !derivedFrom.some((read) => isSameIdentity(read.identity, identity));
}

/** Whether a loop came to the same place again: whether its rounds lock one row or many is asked of the loop. */
function isSameRound(fact: LockFact, held: HeldLock): boolean {
  if (held.site.node !== fact.lock.site.node) return false;
  return getLoop(fact) !== undefined;
}

/** Taking `to` while `from` is held. */
interface Edge {
  readonly from: string;
  readonly to: string;
  readonly held: HeldLock;
  readonly fact: LockFact;
  /** Names that are locked before both: two transactions that share one never meet. */
  readonly guards: ReadonlySet<string>;
}

function addOpposites(found: Findings, program: ts.Program, facts: FlowFacts): void {
  const edges = edgesOf(facts);
  if (edges.length === 0) return;
  const graph = getGraph(program);
  for (const edge of edges) {
    const { fact, held } = edge;
    const elsewhere = findOpposite(graph, edge);
    if (!elsewhere) continue;
    const node = getReportNode(fact.lock.site, [held.site]);
    found.add(node, { kind: 'opposite', lock: fact.lock, held, elsewhere });
  }
}

const graphs = new WeakMap<ts.Program, ReadonlyMap<string, readonly Edge[]>>();

/** Text without which a file takes no two locks. */
const MAY_LOCK = /\.(?:lock|lockMany|lockName|mutate)\b/;

/** The order of locks in all files of the program. */
function getGraph(program: ts.Program): ReadonlyMap<string, readonly Edge[]> {
  const known = graphs.get(program);
  if (known) return known;
  const graph = new Map<string, Edge[]>();
  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile || !MAY_LOCK.test(file.text)) continue;
    for (const edge of edgesOf(getFlowFacts(program, file))) addEdge(graph, edge);
  }
  graphs.set(program, graph);
  return graph;
}

/** One edge for each way from one resource to another is enough. */
function addEdge(graph: Map<string, Edge[]>, edge: Edge): void {
  const others = graph.get(edge.from);
  if (!others) graph.set(edge.from, [edge]);
  else if (!others.some((other) => isSameWay(other, edge))) others.push(edge);
}

function isSameWay(a: Edge, b: Edge): boolean {
  return a.to === b.to && [...a.guards].join() === [...b.guards].join();
}

/** A lock that is taken while another one is held. */
export interface LockEdge {
  readonly held: HeldLock;
  readonly taken: HeldLock;
}

/** Which locks the functions of a file take under which. */
export function findLockEdges(facts: FlowFacts): readonly LockEdge[] {
  return edgesOf(facts).map(({ held, fact }) => ({ held, taken: fact.lock }));
}

function edgesOf(facts: FlowFacts): readonly Edge[] {
  const edges: Edge[] = [];
  for (const fact of facts.locks) {
    const to = resourceOf(fact.lock);
    if (to === null || !fact.lock.isBlocking) continue;
    for (const [index, held] of fact.heldBefore.entries()) {
      const from = resourceOf(held);
      if (from === null || from === to || !held.isBlocking) continue;
      const guards = new Set(
        fact.heldBefore.slice(0, index).flatMap(({ name }) => (name === null ? [] : [name])),
      );
      edges.push({ from, to, held, fact, guards });
    }
  }
  return edges;
}

/** What is locked, as far as its order can be known: a name, a row with a constant id, any row of a model. */
function resourceOf({ name, model, identity }: HeldLock): string | null {
  if (name !== null) return `name ${name}`;
  if (model === null) return null;
  const row = identity && isConstant(identity) ? identity.key : '';
  return `model ${model}${row}`;
}

function isConstant({ key }: Identity): boolean {
  return key.startsWith('"');
}

/** A lock elsewhere that leads back from where an edge leads to; the shortest way. */
function findOpposite(graph: ReadonlyMap<string, readonly Edge[]>, edge: Edge): ts.Node | null {
  const seen = new Set([edge.to]);
  let front = [edge.to];
  while (front.length > 0) {
    const next: string[] = [];
    for (const resource of front) {
      for (const other of graph.get(resource) ?? []) {
        if (seen.has(other.to) || [...edge.guards].some((name) => other.guards.has(name))) continue;
        if (other.to === edge.from) return other.fact.lock.site.node;
        seen.add(other.to);
        next.push(other.to);
      }
    }
    front = next;
  }
  return null;
}
