import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createProject, git, justscale, removeProjects, SHOP } from './project.js';

afterEach(removeProjects);

describe('justscale audit', () => {
  it('exits with 1 for findings and with 0 for none, and says the answer last', async () => {
    const found = await justscale(createProject(SHOP), ['audit']);
    expect(found.exitCode).toBe(1);
    expect(found.stdout.trim().split('\n').at(-1)).toMatch(
      /^Not ready for a second process: 1 finding, 4 writes/,
    );
    expect(found.stderr).toBe('');
    expect(found.stdout).not.toMatch(/\u001b/);
    const none = await justscale(createProject({ 'src/a.ts': 'export const a = 1;\n' }), ['audit']);
    expect(none.exitCode).toBe(0);
  });

  it('compares with a revision, and exits with 0 when nothing was introduced', async () => {
    const folder = createProject(SHOP);
    git(folder, 'init', '--quiet');
    git(folder, 'add', '.');
    git(folder, 'commit', '--quiet', '--message=first');
    const run = await justscale(folder, ['audit', '--since', 'HEAD']);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toContain('introduced since HEAD (0 fixed, 1 left)');
  });

  it('writes to a file', async () => {
    const folder = createProject(SHOP);
    const file = join(folder, 'audit.json');
    const run = await justscale(folder, ['audit', '--format', 'json', '--output', file], {
      FORCE_COLOR: '',
    });
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    const audit = JSON.parse(readFileSync(file, 'utf8')) as object;
    expect(Object.keys(audit).sort()).toEqual([
      'findings',
      'lockOrder',
      'state',
      'summary',
      'writes',
    ]);
  });

  it('audits several folders, whose files are named from the folder that they have in common', async () => {
    const folder = createProject(
      Object.fromEntries(
        Object.entries(SHOP).flatMap(([path, text]) => [
          [`services/a/${path}`, text],
          [`services/b/${path}`, text],
        ]),
      ),
    );
    const run = await justscale(folder, ['audit', 'services/a', 'services/b', '--format', 'json']);
    const { writes } = JSON.parse(run.stdout) as { writes: readonly { uri: string }[] };
    expect(new Set(writes.map(({ uri }) => uri))).toEqual(
      new Set(['a/src/items.ts', 'b/src/items.ts']),
    );
  });

  it('says only what --only asks for', async () => {
    const folder = createProject(SHOP);
    const state = await justscale(folder, ['audit', '--only', 'state,lock-order']);
    expect(state.exitCode).toBe(0);
    const races = await justscale(folder, [
      'audit',
      '--only',
      'no-stale-patch',
      '--format',
      'json',
    ]);
    expect(JSON.parse(races.stdout)).toMatchObject({
      findings: [{ ruleId: 'no-stale-patch' }],
      writes: [],
    });
  });

  it.each([
    [['audit', 'nowhere'], 'There is no folder nowhere.'],
    [['audit', 'src/items.ts'], 'src/items.ts is a file; name the folder to audit.'],
    [['audit', 'prisma'], 'There is no TypeScript or JavaScript file in prisma.'],
    [
      ['audit', '--since', 'main'],
      '--since compares with a revision of git, and . is in no repository of it.',
    ],
    [
      ['audit', '--baseline', 'package.json'],
      'The baseline package.json is not what --format json or --format sarif writes.',
    ],
    [['audit', '--baseline', 'src/items.ts'], 'The baseline src/items.ts is no JSON.'],
    [['audit', '--baseline', 'none.json'], 'The baseline none.json cannot be read.'],
    [
      ['audit', '--only', 'everything'],
      "There is no kind 'everything': --only takes writes, races, state, lock-order, or names of rules.",
    ],
  ])('exits with 2 and one sentence for %j', async (args, sentence) => {
    const run = await justscale(createProject(SHOP), args);
    expect(run).toEqual({ exitCode: 2, stdout: '', stderr: `${sentence}\n` });
  });

  it('exits with 2 for options that do not exist', async () => {
    const folder = createProject(SHOP);
    expect((await justscale(folder, ['audit', '--format', 'xml'])).exitCode).toBe(2);
    expect((await justscale(folder, ['audit', '--fast'])).exitCode).toBe(2);
    expect((await justscale(folder, ['audit', '--output', 'none/at/all'])).exitCode).toBe(2);
  });
});
