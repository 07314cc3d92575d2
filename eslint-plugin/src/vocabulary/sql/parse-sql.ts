import { createRequire } from 'node:module';
import type { Statement } from 'pgsql-ast-parser';

const require = createRequire(import.meta.url);

/** The statements of a text; `null` when it is none that the parser knows, such as one that is put together of parts. */
export function parseSql(text: string): readonly Statement[] | null {
  // Only a program with SQL in it waits for the parser.
  const { parse } = require('pgsql-ast-parser') as typeof import('pgsql-ast-parser');
  try {
    return parse(text);
  } catch {
    return null;
  }
}
