const LONGEST_TEXT = 200;

/** A value as part of an error's text: short, and whatever it is, without an error of its own. */
export function shown(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(cut(value));
    case 'object':
      return value === null ? 'null' : 'an object';
    case 'function':
      return 'a function';
    default:
      return cut(String(value));
  }
}

/** Why something failed: the message of what was thrown, which need not be an `Error`. */
export function shownReason(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return cut(String(thrown));
  } catch {
    // Not even that can be asked of it.
  }
  return shown(thrown);
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}
