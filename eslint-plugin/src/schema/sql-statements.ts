/** Where something that is no code begins: a text, a name, a comment, or a body between dollars. */
const OPENING = /'|"|--|\/\*|\$\w*\$|;/g;

/**
 * The statements of an SQL script, without its comments. One that a parser refuses then takes none of the others with it.
 */
export function splitStatements(script: string): string[] {
  const statements: string[] = [];
  let current = '';
  let position = 0;
  const take = (end: number): void => {
    current += script.slice(position, end);
    position = end;
  };
  while (position < script.length) {
    OPENING.lastIndex = position;
    const opening = OPENING.exec(script);
    if (opening === null) break;
    take(opening.index);
    const [token] = opening;
    if (token === ';') {
      statements.push(current);
      current = '';
      position += 1;
    } else if (token === '--' || token === '/*') {
      current += ' ';
      position = token === '--' ? endOf(script, '\n', position) : endOf(script, '*/', position);
    } else {
      // A doubled quote ends one text and begins the next: nothing between them.
      take(endOf(script, token, position + token.length));
    }
  }
  take(script.length);
  statements.push(current);
  return statements.map((statement) => statement.trim()).filter((statement) => statement !== '');
}

function endOf(script: string, closing: string, from: number): number {
  const end = script.indexOf(closing, from);
  return end === -1 ? script.length : end + closing.length;
}
