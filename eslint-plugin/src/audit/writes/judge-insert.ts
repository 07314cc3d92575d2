import type { WriteFact } from '../../analysis/flow/facts.js';
import type { Judgement } from './judgement.js';

/** An insert that no rule objects to. */
export function judgeInsert(run: WriteFact): Judgement {
  return { verdict: 'insert', because: reasonOf(run) };
}

function reasonOf({ keys, isConflictHandled }: WriteFact): string {
  const names = keys?.map(({ fields }) => `(${fields.join(', ')})`).join(' or ') ?? '';
  if (names !== '') {
    return isConflictHandled
      ? `it inserts a row, and handles that another one has its key ${names}`
      : `it inserts a row; a second one with its key ${names} fails`;
  }
  return isConflictHandled
    ? 'it inserts a row, and handles that its key is taken'
    : 'it inserts a row, and no rows that were looked for decide whether';
}
