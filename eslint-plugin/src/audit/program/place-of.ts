import type ts from 'typescript';
import type { Place } from '../model/place.js';
import type { AuditedProgram } from './audited-program.js';

/** More lines of a place say nothing more to somebody who reads a finding. */
const MOST_LINES = 8;

/** Where a node is, with its text. */
export function placeOf(program: AuditedProgram, node: ts.Node): Place {
  const file = node.getSourceFile();
  return placeBetween(program, file, node.getStart(file), node.getEnd());
}

/** A place by offsets into the text of a file. */
export function placeBetween(
  { uriOf }: AuditedProgram,
  file: ts.SourceFile,
  start: number,
  end: number,
): Place {
  const from = file.getLineAndCharacterOfPosition(start);
  const to = file.getLineAndCharacterOfPosition(end);
  return {
    uri: uriOf(file.fileName),
    startLine: from.line + 1,
    startColumn: from.character + 1,
    endLine: to.line + 1,
    endColumn: to.character + 1,
    snippet: snippetOf(file, from.line, to.line),
  };
}

/** Whole lines, without the indentation that they have in common. */
function snippetOf(file: ts.SourceFile, first: number, last: number): string {
  const starts = file.getLineStarts();
  const end = starts[Math.min(last, first + MOST_LINES - 1) + 1] ?? file.text.length;
  const lines = file.text.slice(starts[first], end).trimEnd().split(/\r?\n/);
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
  const indent = Math.min(...indents);
  const shown = lines.map((line) => line.slice(indent));
  return (last - first >= MOST_LINES ? [...shown, '…'] : shown).join('\n');
}
