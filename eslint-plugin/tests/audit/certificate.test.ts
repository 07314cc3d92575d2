import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { runAudit } from '#dist/audit/run-audit.js';
import type { Audit } from '#dist/audit/model/audit.js';
import { createProject, removeProjects, SHOP } from './project.js';

afterEach(removeProjects);

function verdictsOf({ writes }: Audit): Readonly<Record<string, string>> {
  return Object.fromEntries(
    writes.map(({ functionName, verdict }) => [functionName ?? '', verdict] as const),
  );
}

const CLIENT =
  "import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\n";

function auditService(text: string): Audit {
  return runAudit([createProject({ ...SHOP, 'src/items.ts': CLIENT + text })]);
}

describe('the certificate', () => {
  it('lists every write of a project that is not installed, with its verdict', () => {
    const audit = runAudit([createProject(SHOP)]);
    expect(verdictsOf(audit)).toEqual({
      sell: 'stale',
      restock: 'atomic',
      close: 'guarded',
      add: 'insert',
    });
    expect(audit.writes[0]).toMatchObject({
      uri: 'src/items.ts',
      startLine: 7,
      model: 'Item',
      library: 'prisma',
      operation: 'update',
    });
    expect(audit.summary).toMatchObject({ files: 1, isComplete: false });
  });

  it('calls a write locked that happens under the lock of its row, and says where that was taken', () => {
    const audit = auditService(`
      export async function sell(id: string) {
        await prisma.$transaction(async (tx) => {
          await tx.$queryRaw\`SELECT * FROM "Item" WHERE "id" = \${id} FOR UPDATE\`;
          const item = await tx.item.findUniqueOrThrow({ where: { id } });
          await tx.item.update({ where: { id }, data: { stock: item.stock - 1 } });
        });
      }
    `);
    expect(verdictsOf(audit)).toEqual({ sell: 'locked' });
    expect(audit.writes[0]?.because).toContain('src/items.ts:6');
    expect(audit.findings).toEqual([]);
  });

  it('does not call a write atomic that is decided on what was read', () => {
    const audit = auditService(`
      export async function rename(id: string, code: string) {
        const others = await prisma.item.findFirst({ where: { code } });
        if (others) throw new Error('taken');
        await prisma.item.update({ where: { id }, data: { code } });
      }
    `);
    expect(verdictsOf(audit)['rename']).not.toBe('atomic');
  });

  it('says of values from callers that it does not follow that it does not know', () => {
    const audit = runAudit([
      createProject({
        ...SHOP,
        'src/items.ts': `${CLIENT}
          export async function write(id: string, data: object) {
            await prisma.item.update({ where: { id }, data });
          }
        `,
        'src/job.ts': 'declare const registry: any;\nregistry.get("items").write("1", {});\n',
      }),
    ]);
    expect(verdictsOf(audit)).toEqual({ write: 'unknown' });
  });

  it('shows statements in SQL whose table it does not know', () => {
    const audit = runAudit([
      createProject({
        'src/pool.ts': `import { sql, pool } from './own-driver';
          export const rename = (table: unknown, name: string) =>
            pool.query(sql\`update \${table} set name = \${name}\`);
        `,
      }),
    ]);
    expect(audit.writes).toMatchObject([{ operation: 'update', verdict: 'unknown', model: null }]);
  });

  it.each(['src/migrations/names.ts', 'alterations/1.0.0-1664265197-names.ts', 'db/V12_names.ts'])(
    'leaves out what changes tables once: %s',
    (path) => {
      const text = `import { sql, pool } from './own-driver';
        export const up = (table: unknown) => pool.query(sql\`update \${table} set name = ''\`);
      `;
      const { writes } = runAudit([createProject({ [path]: text, 'src/names.ts': text })]);
      expect(writes.map(({ uri }) => uri)).toEqual(['src/names.ts']);
    },
  );

  it('is complete for the chat app, which is written on the runtime', () => {
    const folder = fileURLToPath(new URL('../../../fixtures/examples/chat-app', import.meta.url));
    const { findings, writes, summary, lockOrder } = runAudit([folder]);
    expect(findings).toEqual([]);
    expect(summary.isComplete).toBe(true);
    expect(writes.filter(({ verdict }) => verdict === 'locked').length).toBeGreaterThan(0);
    expect(lockOrder.cycles).toEqual([]);
  });
});
