import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check } from '../check.js';
import { REPOSITORY } from '../repository.js';

const FOLDER = join(REPOSITORY, 'type-tests', 'test-d');
const ASSERTION = /\bexpect\w+(?:<[^(]*>)?\(|@ts-expect-error/g;

export default {
  ring: 'types',
  title: 'a write without the lock does not compile',
  async run({ progress }) {
    const { default: tsd } = await import('tsd');
    const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.test-d.ts'));
    progress(`${files.length} files`);
    const texts = await Promise.all(files.map((name) => readFile(join(FOLDER, name), 'utf8')));
    const diagnostics = await tsd({
      cwd: FOLDER,
      typingsFile: 'domain.ts',
      testFiles: ['*.test-d.ts'],
    });
    return {
      count: texts.reduce((sum, text) => sum + (text.match(ASSERTION)?.length ?? 0), 0),
      unit: 'assertions',
      failures: diagnostics.map(
        ({ fileName, line, message }) => `${fileName}:${line ?? 0} ${message}`,
      ),
    };
  },
} satisfies Check;
