import { afterEach, describe, expect, it } from 'vitest';
import { runAudit } from '#dist/audit/run-audit.js';
import { createProject, removeProjects, SHOP } from './project.js';

afterEach(removeProjects);

describe('findings', () => {
  it('are at the write, with the read and one order of steps in which an update is lost', () => {
    const { findings } = runAudit([createProject(SHOP)]);
    expect(findings).toHaveLength(1);
    const [finding] = findings;
    expect(finding).toMatchObject({
      ruleId: 'no-stale-patch',
      kind: 'races',
      level: 'error',
      functionName: 'sell',
      location: { uri: 'src/items.ts', startLine: 7 },
      related: [{ role: 'read', place: { startLine: 6 } }],
    });
    const steps = finding?.interleaving.map(({ process, place }) => [process, place.startLine]);
    expect(steps).toEqual([
      [1, 6],
      [2, 6],
      [1, 7],
      [2, 7],
    ]);
  });

  it('of a rule that a comment silences are left out, while the write stays stale', () => {
    const files = { ...SHOP };
    files['src/items.ts'] = (SHOP['src/items.ts'] ?? '').replace(
      '  await prisma.item.update',
      '  // eslint-disable-next-line @justscale/no-stale-patch\n  await prisma.item.update',
    );
    const { findings, summary } = runAudit([createProject(files)]);
    expect(findings).toEqual([]);
    expect(summary.writes.stale).toBe(1);
  });
});

describe('the state of this process', () => {
  it('is listed with who writes and who reads it, also in other files', () => {
    const { state } = runAudit([
      createProject({
        'src/sessions.ts': 'export const sessions = new Map<string, string>();\n',
        'src/login.ts':
          "import { sessions } from './sessions';\nexport const login = (id: string) => sessions.set(id, 'in');\n",
        'src/user.ts':
          "import { sessions } from './sessions';\nexport const user = (id: string) => sessions.get(id);\n",
      }),
    ]);
    const entry = state.find(({ name }) => name === 'sessions');
    expect(entry?.writers.map(({ uri }) => uri)).toEqual(['src/login.ts']);
    expect(entry?.readers.map(({ uri }) => uri)).toEqual(['src/user.ts']);
  });

  it('has schedules that every process would run, and timers that write', () => {
    const { state } = runAudit([
      createProject({
        ...SHOP,
        'src/jobs.ts': `import cron from 'node-cron';
          import { restock } from './items';
          export function start() {
            cron.schedule('0 * * * *', () => console.log('mail'));
            setInterval(() => void restock('1', 2), 1000);
            setInterval(() => console.log('alive'), 1000);
          }
        `,
      }),
    ]);
    const schedules = state.filter(({ kind }) => kind === 'schedule');
    expect(schedules.map(({ place }) => place.startLine)).toEqual([4, 5]);
    expect(schedules[1]?.writers).toMatchObject([{ uri: 'src/items.ts' }]);
  });
});

describe('the order of locks', () => {
  it('is a graph, with the circles in which transactions can wait for each other', () => {
    const lock = (table: string) =>
      `await tx.$queryRaw\`SELECT * FROM "${table}" WHERE "id" = \${id} FOR UPDATE\`;`;
    const run = (name: string, ...tables: readonly string[]) => `
      export async function ${name}(id: string) {
        await prisma.$transaction(async (tx) => { ${tables.map(lock).join('\n')} });
      }`;
    const { lockOrder } = runAudit([
      createProject({
        'src/locks.ts': `import { PrismaClient } from '@prisma/client';
          const prisma = new PrismaClient();
          ${run('a', 'User', 'Team')}
          ${run('b', 'Team', 'User')}
          ${run('c', 'Team', 'Plan')}
        `,
      }),
    ]);
    expect(lockOrder.edges.map(({ from, to }) => `${from} > ${to}`).sort()).toEqual([
      'Team > Plan',
      'Team > User',
      'User > Team',
    ]);
    expect(lockOrder.cycles.map((cycle) => [...cycle].sort())).toEqual([['Team', 'User']]);
  });
});
