import { isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { UnwritableArgumentsError } from '../errors/replay-error.js';
import type { ProcessOperation } from '../operation/operation.js';
import type { Anomaly } from './replay-result.js';

export interface TestFileOptions {
  /** The operations that were explored. */
  readonly a: ProcessOperation;
  readonly b: ProcessOperation;
  readonly runner: 'vitest' | 'node:test';
  /** Where the file will be: it names the modules from there. */
  readonly folder: string;
}

/**
 * The source of a test, in JavaScript, that fails while an anomaly is there and passes once no schedule of the two
 * operations gives one. It reads the URL of a Postgres from `DATABASE_URL`.
 *
 * @throws {UnwritableArgumentsError} when JSON cannot hold the arguments of an operation
 */
export function toTestFile(
  { setup, text }: Anomaly,
  { a, b, runner, folder }: TestFileOptions,
): string {
  const isVitest = runner === 'vitest';
  const title = `${nameOf(a)} and ${nameOf(b)} at once give what one after the other gives`;
  return `${isVitest ? "import { expect, test } from 'vitest';" : "import assert from 'node:assert/strict';\nimport { test } from 'node:test';"}
import { explore } from '@justscale/eslint-plugin/replay';
import postgres from 'postgres';

/*
A schedule that failed:

${text.trimEnd().replaceAll('*/', '* /')}
*/

const setup = async (url) => {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  for (const statement of [
${setup.map((sql) => `    ${JSON.stringify(sql)},`).join('\n')}
  ])
    await sql.unsafe(statement);
  await sql.end();
};

const a = ${operation(a, folder, 'a')};
const b = ${operation(b, folder, 'b')};

test(${JSON.stringify(title)}, ${isVitest ? '' : '{ timeout: 300_000 }, '}async () => {
  const result = await explore(a, b, { database: process.env.DATABASE_URL, setup, replays: 3 });
  ${isVitest ? "expect(result.verdict, result.text ?? result.reason).toBe('serial');" : "assert.equal(result.verdict, 'serial', result.text ?? result.reason);"}
}${isVitest ? ', 300_000' : ''});
`;
}

function operation(
  { module, export: name = 'default', args = [] }: ProcessOperation,
  folder: string,
  process: 'a' | 'b',
): string {
  const json = JSON.stringify(args);
  if (!isDeepStrictEqual(JSON.parse(json), args)) throw new UnwritableArgumentsError(process);
  const path = relative(resolve(folder), pathOf(module)).replaceAll('\\', '/');
  const specifier = path.startsWith('.') || isAbsolute(path) ? path : `./${path}`;
  return `{
  module: new URL(${JSON.stringify(specifier)}, import.meta.url),
  export: ${JSON.stringify(name)},
  args: ${json},
}`;
}

function pathOf(module: string | URL): string {
  if (module instanceof URL || module.startsWith('file:')) return fileURLToPath(module);
  return resolve(module);
}

function nameOf({ module, export: name = 'default' }: ProcessOperation): string {
  return name === 'default' ? (pathOf(module).split(/[\\/]/).at(-1) ?? name) : name;
}
