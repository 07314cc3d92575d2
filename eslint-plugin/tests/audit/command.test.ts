import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { auditRevision } from '#dist/audit/compare/revision.js';
import { readBaseline } from '#dist/audit/compare/baseline.js';
import { AuditError } from '#dist/audit/model/audit-error.js';
import { onlyKinds, parseKinds } from '#dist/audit/only-kinds.js';
import { runAudit } from '#dist/audit/run-audit.js';
import { createProject, git, justscale, removeProjects, SHOP } from './project.js';

afterEach(removeProjects);

describe('justscale audit', () => {
  it('exits with 1 for findings, and says the answer last', async () => {
    const found = await justscale(createProject(SHOP), ['audit']);
    expect(found.exitCode).toBe(1);
    expect(found.stdout.trim().split('\n').at(-1)).toMatch(
      /^Not ready for a second process: 1 finding, 4 writes/,
    );
    expect(found.stderr).toBe('');
    expect(found.stdout).not.toMatch(/\u001b/);
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
    const { writes } = runAudit([join(folder, 'services/a'), join(folder, 'services/b')]);
    expect(new Set(writes.map(({ uri }) => uri))).toEqual(
      new Set(['a/src/items.ts', 'b/src/items.ts']),
    );
  });

  it('says only what --only asks for', async () => {
    const folder = createProject(SHOP);
    const state = await justscale(folder, ['audit', '--only', 'state,lock-order']);
    expect(state.exitCode).toBe(0);
    const races = onlyKinds(runAudit([folder]), parseKinds('no-stale-patch'));
    expect(races).toMatchObject({ findings: [{ ruleId: 'no-stale-patch' }], writes: [] });
  });

  it('exits with 2 and one sentence where it cannot run', async () => {
    const folder = createProject(SHOP);
    expect(await justscale(folder, ['audit', 'nowhere'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'There is no folder nowhere.\n',
    });
    expect((await justscale(folder, ['audit', '--fast'])).exitCode).toBe(2);
    expect((await justscale(folder, ['audit', '--output', 'none/at/all'])).exitCode).toBe(2);
  });

  it.each<[string, (folder: string) => unknown, string]>([
    [
      'a file',
      (folder) => runAudit([`${folder}/src/items.ts`]),
      '/src/items.ts is a file; name the folder to audit.',
    ],
    ['a folder without sources', (folder) => runAudit([`${folder}/prisma`]), '/prisma.'],
    [
      'a folder that git does not know',
      (folder) => auditRevision([folder], 'main', runAudit),
      ' is in no repository of it.',
    ],
    [
      'a baseline of something else',
      (folder) => readBaseline(`${folder}/package.json`),
      '/package.json is not what --format json or --format sarif writes.',
    ],
    [
      'a baseline that is no JSON',
      (folder) => readBaseline(`${folder}/src/items.ts`),
      '/src/items.ts is no JSON.',
    ],
    [
      'a baseline that is missing',
      (folder) => readBaseline(`${folder}/none.json`),
      '/none.json cannot be read.',
    ],
    [
      'a kind that does not exist',
      () => parseKinds('everything'),
      "There is no kind 'everything': --only takes writes, races, state, lock-order, or names of rules.",
    ],
  ])('says in one sentence why it cannot run: %s', (_, run, sentence) => {
    const folder = createProject(SHOP);
    let thrown: unknown;
    try {
      run(folder);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(AuditError);
    expect((thrown as AuditError).message).toContain(sentence);
    expect((thrown as AuditError).message).not.toContain('\n');
  });
});
