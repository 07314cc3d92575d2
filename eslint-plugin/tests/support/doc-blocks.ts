import { readFileSync } from 'node:fs';

/** A code block of a rule's page that promises what the rule says of it. */
export interface DocBlock {
  readonly line: number;
  readonly isClean: boolean;
  /** The file that the block stands for; `null` when any will do. */
  readonly filename: string | null;
  readonly code: string;
}

const OPENING = /^```(?:[cm]?[jt]sx?)(?: ([✅❌]) ?(\S*))?$/u;

/** Reads the code blocks marked ✅ or ❌: after the block's language, or by the last line that begins with a mark. */
export function readDocBlocks(path: string): DocBlock[] {
  const blocks: DocBlock[] = [];
  const lines = readFileSync(path, 'utf8').split('\n');
  let sectionMark: string | null = null;
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (line.startsWith('#')) sectionMark = null;
    sectionMark = /^#* ?([✅❌])/u.exec(line)?.[1] ?? sectionMark;
    if (!line.startsWith('```')) continue;
    const end = lines.indexOf('```', index + 1);
    const opening = OPENING.exec(line);
    const mark = opening && (opening[1] ?? sectionMark);
    const filename = opening?.[2];
    if (mark)
      blocks.push({
        line: index + 1,
        isClean: mark === '✅',
        filename: filename === '' ? null : (filename ?? null),
        code: `${lines.slice(index + 1, end).join('\n')}\n`,
      });
    index = end;
  }
  return blocks;
}
