import { afterEach, expect, it, vi } from 'vitest';
import { runAudit } from '#dist/audit/run-audit.js';
import { toHtml } from '#dist/audit/formats/html/html.js';
import { createProject, removeProjects, SHOP } from './project.js';

afterEach(removeProjects);

it('audits JavaScript like TypeScript', () => {
  const { writes, findings } = runAudit([
    createProject({
      'package.json': '{ "type": "module", "dependencies": { "@prisma/client": "^6.0.0" } }',
      'prisma/schema.prisma': SHOP['prisma/schema.prisma'] ?? '',
      'items.js': `import { PrismaClient } from '@prisma/client';
        const prisma = new PrismaClient();
        export async function sell(id) {
          const item = await prisma.item.findUniqueOrThrow({ where: { id } });
          await prisma.item.update({ where: { id }, data: { stock: item.stock - 1 } });
        }
      `,
    }),
  ]);
  expect(writes).toMatchObject([{ uri: 'items.js', verdict: 'stale' }]);
  expect(findings).toMatchObject([{ ruleId: 'no-stale-patch' }]);
});

it('audits a folder whose schema cannot be read, and says so', async () => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const project = createProject({ ...SHOP, 'prisma/schema.prisma': 'model Item { id' });
  const { writes } = runAudit([project]);
  expect(writes).toHaveLength(4);
  expect(String(warned.mock.calls[0]?.[0])).toContain('schema.prisma is no Prisma schema');
  warned.mockRestore();
});

it('audits the packages of a monorepo, with writes of one through a function of another', () => {
  const { writes } = runAudit([
    createProject({
      'package.json': '{ "private": true, "workspaces": ["packages/*"] }',
      'packages/db/package.json':
        '{ "name": "@shop/db", "main": "src/index.ts", "dependencies": { "@prisma/client": "^6.0.0" } }',
      'packages/db/prisma/schema.prisma': SHOP['prisma/schema.prisma'] ?? '',
      'packages/db/src/index.ts': `import { PrismaClient } from '@prisma/client';
        export const prisma = new PrismaClient();
      `,
      'packages/api/package.json': '{ "name": "@shop/api", "dependencies": { "@shop/db": "*" } }',
      'packages/api/src/sell.ts': `import { prisma } from '@shop/db';
        export async function sell(id: string) {
          const item = await prisma.item.findUniqueOrThrow({ where: { id } });
          await prisma.item.update({ where: { id }, data: { stock: item.stock - 1 } });
        }
      `,
    }),
  ]);
  expect(writes).toMatchObject([{ uri: 'packages/api/src/sell.ts', verdict: 'stale' }]);
});

it('shows what there is of an audit that found nothing', () => {
  const audit = runAudit([createProject({ 'a.ts': 'export const a = 1;\n' })]);
  expect(audit).toMatchObject({ findings: [], writes: [], state: [] });
  expect(toHtml(audit)).toContain('No write of a database that this audit knows.');
});
