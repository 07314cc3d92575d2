const MAX_ID_LENGTH = 1024;

/** What is wrong with an id, as the end of a sentence; `undefined` when nothing is. */
export function idProblem(id: unknown): string | undefined {
  if (typeof id !== 'string') return `must be a string, not ${id === null ? 'null' : typeof id}`;
  if (id === '') return 'must not be empty';
  if (id.length > MAX_ID_LENGTH) return `must have at most ${MAX_ID_LENGTH} characters`;
  return textProblem(id);
}

/** Why Postgres could not give this text back unchanged; `undefined` when it can. */
export function textProblem(text: string): string | undefined {
  if (text.includes('\0')) return 'must not contain a NUL character';
  if (!text.isWellFormed()) return 'must not contain a lone surrogate';
  return undefined;
}
