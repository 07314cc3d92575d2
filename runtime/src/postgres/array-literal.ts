/** An array as Postgres writes it; the items are text, `null`, or arrays again. */
export type ArrayItem = string | null | readonly ArrayItem[];

/** Writes an array literal (PostgreSQL manual, section 8.15.2): `{"a","b",NULL}`. */
export function writeArrayLiteral(items: readonly ArrayItem[]): string {
  const parts = items.map((item) => {
    if (item === null) return 'NULL';
    if (typeof item !== 'string') return writeArrayLiteral(item);
    return `"${item.replace(/["\\]/g, '\\$&')}"`;
  });
  return `{${parts.join(',')}}`;
}

/** Reads an array literal as Postgres writes it (section 8.15.6); bounds that do not begin at 1 are dropped. */
export function readArrayLiteral(literal: string): readonly ArrayItem[] {
  const start = literal.indexOf('{');
  const [items, end] = readItems(literal, start + 1);
  if (start === -1 || end !== literal.length) throw new TypeError('not an array literal');
  return items;
}

/** Reads the items behind an opening brace; returns them and where the text after the closing brace begins. */
function readItems(literal: string, start: number): [ArrayItem[], number] {
  const items: ArrayItem[] = [];
  let at = start;
  while (literal[at] !== '}') {
    if (at >= literal.length) throw new TypeError('not an array literal');
    if (literal[at] === ',') at += 1;
    if (literal[at] === '{') {
      const [nested, end] = readItems(literal, at + 1);
      items.push(nested);
      at = end;
    } else {
      const pattern = literal[at] === '"' ? /"((?:[^"\\]|\\.)*)"/sy : /[^,{}"]*/y;
      pattern.lastIndex = at;
      const match = pattern.exec(literal);
      if (match === null) throw new TypeError('not an array literal');
      at = pattern.lastIndex;
      const quoted = match[1];
      if (quoted !== undefined) items.push(quoted.replace(/\\(.)/gs, '$1'));
      else items.push(match[0].toUpperCase() === 'NULL' ? null : match[0]);
    }
  }
  return [items, at + 1];
}
