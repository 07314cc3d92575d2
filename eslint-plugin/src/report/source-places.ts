import { relative } from 'node:path';
import type { TSESTree } from '@typescript-eslint/utils';
import type ts from 'typescript';
import type { Model } from '../vocabulary/effect.js';
import { getModelName } from '../vocabulary/model-name.js';

/** Where a node is in its file, as ESLint counts: lines from 1, columns from 0. */
export function getLocation(node: ts.Node): TSESTree.SourceLocation {
  const file = node.getSourceFile();
  const position = (offset: number): TSESTree.Position => {
    const { line, character } = file.getLineAndCharacterOfPosition(offset);
    return { line: line + 1, column: character };
  };
  return { start: position(node.getStart(file)), end: position(node.getEnd()) };
}

/** Where a node is, for a reader of `file`: `line 12`, or `src/orders.ts:12` when it is in another one. */
export function describePlace(program: ts.Program, file: ts.SourceFile, node: ts.Node): string {
  const source = node.getSourceFile();
  const line = String(getLocation(node).start.line);
  if (source === file) return `line ${line}`;
  return `${relative(program.getCurrentDirectory(), source.fileName)}:${line}`;
}

/** More than this of an expression says nothing more to somebody who reads a message. */
const LONGEST_TEXT = 40;

/** The text of an expression on one line, with arguments left out. */
export function describeCode(node: ts.Node): string {
  const text = node.getText().replace(/\s+/g, ' ');
  const call = /^[\w$.#?!\[\]'"]+\(/.exec(text);
  if (call) return call[0].length + 2 <= LONGEST_TEXT ? `${call[0]}…)` : shorten(call[0]);
  return shorten(text);
}

function shorten(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}…`;
}

/** Names in backquotes, each once. */
export function describeNames(names: readonly string[]): string {
  const distinct = [...new Set(names)].filter((name) => name !== '*');
  return distinct.length === 0 ? 'data' : distinct.map((name) => `\`${name}\``).join(', ');
}

/** How far data was protected when it was read, for data that nothing protects any more. */
export function describeProtection(wasLocked: boolean): string {
  return wasLocked ? 'under the lock of another transaction, which has ended' : 'without the lock';
}

/** The name of a model in a message. */
export function describeModel(model: Model | ts.Symbol): string {
  const name = typeof model === 'string' ? getModelName(model) : model?.name;
  return name ?? 'entity';
}
