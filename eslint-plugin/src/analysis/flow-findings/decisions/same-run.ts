import type ts from 'typescript';
import type { WriteFact } from '../../flow/facts.js';

/** Whether two writes happen in one run of the outermost function around them. */
export function isInSameRun(one: WriteFact, other: WriteFact): boolean {
  return outermostFunction(one) === outermostFunction(other);
}

function outermostFunction({ site: { node, path } }: WriteFact): ts.Node {
  let found = path[0] ?? node;
  for (let inner = found; inner.parent; inner = inner.parent) {
    if ('parameters' in inner) found = inner;
  }
  return found;
}
