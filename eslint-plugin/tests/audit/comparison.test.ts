import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareWith, readBaseline } from '#dist/audit/compare/baseline.js';
import { auditRevision } from '#dist/audit/compare/revision.js';
import { toJson } from '#dist/audit/formats/json.js';
import { toSarif } from '#dist/audit/formats/sarif.js';
import { runAudit } from '#dist/audit/run-audit.js';
import type { Audit } from '#dist/audit/model/audit.js';
import { createProject, git, removeProjects, SHOP, writeFiles } from './project.js';

afterEach(removeProjects);

const ITEMS = SHOP['src/items.ts'] ?? '';
const RACE = `
export async function rename(id: string) {
  const item = await prisma.item.findUniqueOrThrow({ where: { id } });
  await prisma.item.update({ where: { id }, data: { code: item.code + '!' } });
}
`;

let folder: string;

beforeEach(() => {
  folder = createProject(SHOP);
  git(folder, 'init', '--quiet', '--initial-branch=main');
  git(folder, 'add', '.');
  git(folder, 'commit', '--quiet', '--message=first');
});

function auditSince(revision: string, path = '.'): Audit {
  const folders = [join(folder, path)];
  const before = auditRevision(folders, revision, (earlier) =>
    runAudit(earlier, undefined, { allowEmpty: true }),
  );
  return compareWith(runAudit(folders), before.findings, revision);
}

/** The whole project in another style, with lines moved. */
function reformat(): void {
  const bin = join(
    dirname(createRequire(import.meta.url).resolve('prettier/package.json')),
    'bin/prettier.cjs',
  );
  const style = [
    '--no-semi',
    '--print-width=40',
    '--use-tabs',
    '--trailing-comma=none',
    '--arrow-parens=avoid',
  ];
  execFileSync(process.execPath, [bin, '--write', ...style, 'src'], { cwd: folder, stdio: 'pipe' });
}

describe('a comparison with a revision', () => {
  it('reports nothing for a branch that changes nothing, also when it formats everything anew', () => {
    writeFiles(folder, { 'src/items.ts': `// One line more.\n\n${ITEMS}` });
    reformat();
    const { findings, summary } = auditSince('main');
    expect(findings).toEqual([]);
    expect(summary.comparison).toMatchObject({
      introduced: 0,
      fixed: [],
      left: [{ functionName: 'sell' }],
    });
  });

  it('reports one added race as one introduced finding, also beside a reformat', () => {
    writeFiles(folder, { 'src/items.ts': ITEMS.replace('\nexport', `${RACE}\nexport`) });
    const added = auditSince('main');
    expect(added.findings).toMatchObject([{ ruleId: 'no-stale-patch', functionName: 'rename' }]);
    reformat();
    const { findings } = auditSince('HEAD');
    expect(findings).toMatchObject([{ ruleId: 'no-stale-patch', functionName: 'rename' }]);
  });

  it('counts what was mended, and leaves the working copy as it is', () => {
    writeFiles(folder, { 'src/items.ts': ITEMS.replace('item.stock - 1', '{ decrement: 1 }') });
    const { findings, summary } = auditSince('main');
    expect(findings).toEqual([]);
    expect(summary.comparison?.fixed).toMatchObject([{ ruleId: 'no-stale-patch' }]);
    const status = execFileSync('git', ['-C', folder, 'status', '--short'], { encoding: 'utf8' });
    expect(status).toBe(' M src/items.ts\n');
  });

  it('takes a folder inside of the repository, and one that was not there before', () => {
    writeFiles(folder, { 'jobs/src/more.ts': ITEMS });
    const { findings } = auditSince('main', 'jobs');
    expect(findings).toMatchObject([{ location: { uri: 'src/more.ts' } }]);
    expect(auditSince('main', 'src').findings).toEqual([]);
  });

  it('refuses a revision that does not exist', () => {
    expect(() => auditSince('nowhere')).toThrow(`There is no revision 'nowhere' in ${folder}.`);
  });
});

describe('a comparison with an earlier audit', () => {
  it.each([
    ['JSON', toJson],
    ['SARIF', toSarif],
  ])('takes what was written as %s', (_format, write) => {
    const file = join(folder, 'earlier.json');
    writeFileSync(file, write(runAudit([folder])));
    writeFiles(folder, { 'src/items.ts': ITEMS + RACE });
    const { findings, summary } = compareWith(runAudit([folder]), readBaseline(file), file);
    expect(findings).toMatchObject([{ functionName: 'rename' }]);
    expect(summary.comparison).toMatchObject({
      introduced: 1,
      fixed: [],
      left: [{ functionName: 'sell' }],
    });
  });
});
