import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../..', import.meta.url));

describe.each(['runtime', 'eslint-plugin'])('%s, packed', (workspace) => {
  let directory: string;
  let tarball: Buffer;
  let files: readonly string[];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'packed-'));
    const { stdout } = await run(
      'npm',
      [
        'pack',
        '--json',
        '--ignore-scripts',
        '--workspace',
        workspace,
        '--pack-destination',
        directory,
      ],
      { cwd: repository },
    );
    const [packed] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
    tarball = await readFile(join(directory, packed.filename));
    files = packed.files.map(({ path }) => path);
  }, 60_000);

  afterAll(async () => {
    await rm(directory, { recursive: true });
  });

  test('publint finds nothing', async () => {
    const buffer = Uint8Array.from(tarball).buffer;

    const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true });

    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test('its types are found, by every resolution, from modules and from CommonJS', async () => {
    const analysis = await checkPackage(createPackageFromTarballData(Uint8Array.from(tarball)));

    expect(analysis.types).not.toBe(false);
    expect(analysis.types === false ? [] : analysis.problems).toEqual([]);
  }, 120_000);

  test('it brings what it needs, and nothing of the workshop', () => {
    expect(files).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'package.json']));
    expect(files.filter((file) => /\.tsbuildinfo$|\.test\.|(?:^|\/)tests\//.test(file))).toEqual(
      [],
    );
  });
});
