import type ts from 'typescript';
import { withFingerprints, type Unnumbered } from '../fingerprints/fingerprint.js';
import { wordsOf } from '../fingerprints/words-of.js';
import type { Finding, FindingKind, RelatedPlace } from '../model/finding.js';
import type { Place } from '../model/place.js';
import type { AuditedProgram } from '../program/audited-program.js';
import { getEnclosingFunction } from '../program/enclosing-function.js';
import { nodeBetween } from '../program/node-between.js';
import { placeBetween, placeOf } from '../program/place-of.js';
import { interleave } from './interleaving.js';
import { lint, type Report } from './lint.js';
import { findWitnesses, witnessOf, type Witness } from './witnesses.js';

/**
 * What the rules report in a program, each with the sites that it is about.
 *
 * @param onFile - called after each file
 */
export function findRaces(program: AuditedProgram, onFile: () => void): readonly Finding[] {
  const found: Unnumbered[] = [];
  for (const reports of lint(program)) {
    const [first] = reports;
    if (first) {
      const witnesses = findWitnesses(program.context.program, first.file);
      found.push(...reports.map((report) => toFinding(program, report, witnesses)));
    }
    onFile();
  }
  return withFingerprints(found);
}

const KINDS: Readonly<Record<string, FindingKind>> = {
  'lock-order': 'lock-order',
  'no-module-state': 'state',
  'no-entity-cache': 'state',
};

function toFinding(
  program: AuditedProgram,
  report: Report,
  witnesses: readonly Witness[],
): Unnumbered {
  const { context } = program;
  const { file, ruleId, message } = report;
  const witness = witnessOf(witnesses, report);
  const [start, end] = offsetsOf(report);
  const node = witness?.write ?? witness?.node ?? nodeBetween(context, file, start, end);
  const at = (part: ts.Node): Place => placeOf(program, part);
  const reported = placeBetween(program, file, start, end);
  const location = witness?.write ? at(witness.write) : reported;
  const isCheck = location.uri !== reported.uri || location.startLine !== reported.startLine;
  const sites = {
    ruleId,
    reported,
    write: witness?.write ? location : null,
    reads: witness?.reads.map(at) ?? [],
    check: witness?.write && isCheck ? reported : null,
    locks: witness?.locks.map(at) ?? [],
    elsewhere: witness?.elsewhere ? at(witness.elsewhere) : null,
  };
  const words = [node, ...(witness?.reads ?? [])].map((part) => wordsOf(context, part));
  return {
    finding: {
      ruleId,
      kind: KINDS[ruleId] ?? 'races',
      level: witness?.tier === 'probable' ? 'warning' : 'error',
      message,
      location,
      functionName: getEnclosingFunction(context, node),
      related: relatedOf(sites),
      interleaving: interleave(sites),
    },
    words,
  };
}

function relatedOf(sites: Parameters<typeof interleave>[0]): readonly RelatedPlace[] {
  const { reads, check, locks, elsewhere } = sites;
  return [
    ...reads.map((place) => ({
      role: 'read' as const,
      place,
      message: 'What it read, without a lock.',
    })),
    ...(check ? [{ role: 'check' as const, place: check, message: 'What it decided.' }] : []),
    ...locks.map((place) => ({ role: 'lock' as const, place, message: 'A lock that it takes.' })),
    ...(elsewhere
      ? [{ role: 'lock' as const, place: elsewhere, message: 'The opposite order.' }]
      : []),
  ];
}

function offsetsOf({ file, line, column, endLine, endColumn }: Report): [number, number] {
  return [
    file.getPositionOfLineAndCharacter(line - 1, column - 1),
    file.getPositionOfLineAndCharacter(endLine - 1, endColumn - 1),
  ];
}
