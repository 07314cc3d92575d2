import type { Audit } from '../../model/audit.js';
import type { LockOrder } from '../../model/lock-order.js';
import { markup, type Markup } from './markup.js';
import { showAddress } from './places.js';

const ROW = 48;
const TEXT_WIDTH = 260;
/** How far an arc goes to the side for each row that it passes. */
const REACH = 14;

/** Which lock is taken under which: locks below each other, an arc for each order. */
export function showLockOrder({ lockOrder }: Audit): Markup {
  const { edges, cycles } = lockOrder;
  if (edges.length === 0) {
    return markup`<section id="lock-order"><h2>Order of locks</h2><p>No lock is taken while another one is held.</p></section>`;
  }
  const circles = cycles.map(
    (cycle) => markup`<li class="bad">Circle: ${[...cycle, cycle[0] ?? ''].join(' → ')}</li>`,
  );
  const rows = edges.map(
    ({ from, to, held, taken }) =>
      markup`<li data-item><b>${from} → ${to}</b><br><span class="quiet">${from} is held since</span> ${showAddress(held)}<span class="quiet">, ${to} is taken at</span> ${showAddress(taken)}</li>`,
  );
  return markup`<section id="lock-order"><h2>Order of locks</h2>
<ul class="circles">${circles}</ul>${showGraph(lockOrder)}
<p class="none" hidden>No order matches.</p><ul class="edges">${rows}</ul></section>`;
}

function showGraph({ nodes, edges, cycles }: LockOrder): Markup {
  const ordered = inOrder(nodes, edges);
  const yOf = (node: string): number => ordered.indexOf(node) * ROW + ROW / 2;
  const pairs = [...new Map(edges.map((edge) => [`${edge.from}\0${edge.to}`, edge])).values()];
  const arcs = pairs.map(({ from, to }) => {
    const [start, end] = [yOf(from), yOf(to)];
    const isCircle = cycles.some((cycle) => cycle.includes(from) && cycle.includes(to));
    // One row of the same model under another is a loop of its own; an arc against the order goes a little further out.
    const reach =
      from === to ? 40 : 20 + (Math.abs(end - start) / ROW) * REACH + (end < start ? 12 : 0);
    const [from_, to_] = from === to ? [start - 8, end + 8] : [start, end];
    const x = TEXT_WIDTH;
    return markup`<path class="${isCircle ? 'arc circle' : 'arc'}" marker-end="url(#${isCircle ? 'tip-circle' : 'tip'})" d="M${x} ${from_} C${x + reach * 1.4} ${from_} ${x + reach * 1.4} ${to_} ${x + 6} ${to_}"/>`;
  });
  const labels = ordered.map(
    (node) =>
      markup`<text x="${TEXT_WIDTH - 10}" y="${yOf(node) + 5}" text-anchor="end">${shorten(node)}<title>${node}</title></text><circle cx="${TEXT_WIDTH - 2}" cy="${yOf(node)}" r="3"/>`,
  );
  const width = TEXT_WIDTH + 60 + ordered.length * REACH * 1.1;
  const height = ordered.length * ROW;
  return markup`<svg class="graph" role="img" aria-label="${`The order of ${ordered.length} locks; the list below says the same`}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker>
<marker id="tip-circle" class="circle" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>
${labels}${arcs}</svg>`;
}

/** Locks with what is taken under them below, as far as no circle forbids it. */
function inOrder(nodes: readonly string[], edges: LockOrder['edges']): readonly string[] {
  const seen = new Set<string>();
  const done: string[] = [];
  const visit = (node: string): void => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const { from, to } of edges) if (from === node) visit(to);
    done.unshift(node);
  };
  const joined = new Set(edges.flatMap(({ from, to }) => [from, to]));
  for (const node of [...nodes].reverse()) if (joined.has(node)) visit(node);
  for (const node of joined) visit(node);
  return done;
}

function shorten(name: string): string {
  return name.length > 30 ? `${name.slice(0, 29)}…` : name;
}
