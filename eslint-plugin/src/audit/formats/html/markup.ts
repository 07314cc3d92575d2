/** Text of HTML in which everything that came from elsewhere is escaped. */
export class Markup {
  constructor(readonly text: string) {}
}

type Part = Markup | string | number | readonly Markup[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template of HTML: strings in it are shown as they are, also inside of quoted attributes. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const written = parts.map(toText);
  return new Markup(strings.map((string, index) => string + (written[index] ?? '')).join(''));
}

export const NOTHING = new Markup('');

/** A message, with what stands between backticks as code. */
export function prose(message: string): Markup {
  const parts = message.split('`');
  const isPaired = parts.length % 2 === 1;
  if (!isPaired) return markup`${message}`;
  return new Markup(
    parts
      .map((part, index) => (index % 2 === 1 ? markup`<code>${part}</code>` : markup`${part}`).text)
      .join(''),
  );
}

function toText(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string') return part.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '');
  return typeof part === 'number' ? String(part) : part.map(({ text }) => text).join('\n');
}
