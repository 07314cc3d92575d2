import type ts from 'typescript';
import { getFlowFacts } from '../../analysis/flow/file-facts.js';
import type { Place } from '../model/place.js';
import type { AuditedProgram } from '../program/audited-program.js';
import { placeOf } from '../program/place-of.js';

/** Finds the writes that a function leads to. */
export type WriteFinder = (callback: ts.Node) => readonly Place[];

/** More places say nothing more to a reader. */
const MOST_WRITES = 10;

export function createWriteFinder(program: AuditedProgram): WriteFinder {
  const { context } = program;
  return (callback) => {
    const file = callback.getSourceFile();
    const found = new Set<ts.Node>();
    for (const { site } of getFlowFacts(context.program, file).writes) {
      const isWithin = [site.node, ...site.path].some(
        (node) =>
          node.getSourceFile() === file && node.pos >= callback.pos && node.end <= callback.end,
      );
      if (isWithin) found.add(site.node);
    }
    return [...found].slice(0, MOST_WRITES).map((node) => placeOf(program, node));
  };
}
