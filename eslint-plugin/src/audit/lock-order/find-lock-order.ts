import { getFlowFacts } from '../../analysis/flow/file-facts.js';
import { findLockEdges } from '../../analysis/flow-findings/lock-graph.js';
import { getModelName } from '../../vocabulary/model-name.js';
import type { HeldLock } from '../../analysis/flow/state.js';
import type { LockEdge, LockOrder } from '../model/lock-order.js';
import type { AuditedProgram } from '../program/audited-program.js';
import { placeOf } from '../program/place-of.js';
import { findCycles } from './find-cycles.js';

/** Which lock is taken under which, in all of a program. */
export function findLockOrder(program: AuditedProgram): LockOrder {
  const byWay = new Map<string, LockEdge>();
  const { context, databaseFiles } = program;
  const all = databaseFiles.flatMap((file) => findLockEdges(getFlowFacts(context.program, file)));
  for (const { held, taken } of all) {
    const [from, to] = [nameOf(held), nameOf(taken)];
    const way = `${from}\0${to}`;
    if (byWay.has(way)) continue;
    byWay.set(way, {
      from,
      to,
      held: placeOf(program, held.site.node),
      taken: placeOf(program, taken.site.node),
    });
  }
  const edges = [...byWay.values()];
  const nodes = [...new Set(edges.flatMap(({ from, to }) => [from, to]))].sort();
  return { nodes, edges, cycles: findCycles(nodes, edges) };
}

function nameOf({ name, model }: HeldLock): string {
  return name === null ? (getModelName(model) ?? 'a row') : `'${name}'`;
}
