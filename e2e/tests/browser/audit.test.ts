import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accessibilityProblems, DEVICES, useBrowser } from './support/use-browser.js';

const BIN = join(
  dirname(createRequire(import.meta.url).resolve('@justscale/eslint-plugin/package.json')),
  'dist/cli/justscale.js',
);

/** A service that has something in each part of the page, and source text that a page must not run. */
const SERVICE: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ dependencies: { '@prisma/client': '^6.0.0' } }),
  'prisma/schema.prisma': `
    model Item {
      id    String @id
      stock Int
    }
    model Order {
      id    String @id
      total Int
    }
  `,
  'src/items.ts': `import { PrismaClient } from '@prisma/client';
const prisma = new PrismaClient();
const seen = new Map<string, string>();

export async function sell(id: string) {
  const item = await prisma.item.findUniqueOrThrow({ where: { id } }); // </code></script><script>window.ran = 1</script><img src=x onerror="window.ran = 1">
  seen.set(id, '<b>&amp;</b>');
  await prisma.item.update({ where: { id }, data: { stock: item.stock - 1 } });
}
export const wasSeen = (id: string) => seen.has(id);

export async function restock(id: string) {
  await prisma.item.update({ where: { id }, data: { stock: { increment: 1 } } });
}

export async function pay(id: string, order: string) {
  await prisma.$transaction(async (tx) => {
    await tx.$queryRaw\`SELECT * FROM "Item" WHERE "id" = \${id} FOR UPDATE\`;
    await tx.$queryRaw\`SELECT * FROM "Order" WHERE "id" = \${order} FOR UPDATE\`;
  });
}
export async function refund(id: string, order: string) {
  await prisma.$transaction(async (tx) => {
    await tx.$queryRaw\`SELECT * FROM "Order" WHERE "id" = \${order} FOR UPDATE\`;
    await tx.$queryRaw\`SELECT * FROM "Item" WHERE "id" = \${id} FOR UPDATE\`;
  });
}
`,
};

const open = useBrowser();
let folder = '';
let url = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'audited-'));
  for (const [path, text] of Object.entries(SERVICE)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const file = join(folder, 'audit.html');
  const args = [BIN, 'audit', folder, '--format', 'html', '--output', file];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(1);
  url = pathToFileURL(file).href;
});

afterAll(() => rmSync(folder, { recursive: true }));

test('says the answer, and shows a race as the steps of two processes', async () => {
  const page = await open(url, 'a desktop');
  expect(await page.locator('h1').textContent()).toMatch(/^Not ready for a second process: /);
  const race = page.locator('#findings article', { hasText: 'no-stale-patch' });
  const steps = race.locator('.steps > li');
  const processes = await Promise.all(
    (await steps.all()).map((step) => step.getAttribute('class')),
  );
  expect(new Set(processes)).toEqual(new Set(['process-1', 'process-2']));
  const left = async (process: string): Promise<number> =>
    (await race.locator(`.${process}`).first().boundingBox())?.x ?? 0;
  expect(await left('process-2')).toBeGreaterThan((await left('process-1')) + 200);
  expect(await page.locator('svg.graph .arc.circle').count()).toBe(2);
  expect(await page.locator('#state article', { hasText: 'seen' }).count()).toBe(1);
  await page.close();
});

test('shows source text, and runs none of it', async () => {
  const page = await open(url, 'a desktop');
  const source = page.locator('#findings pre', { hasText: '<img src=x' }).first();
  expect(await source.textContent()).toContain('</code></script><script>window.ran = 1</script>');
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.evaluate('window.ran')).toBeUndefined();
  await page.close();
});

test('search and filters leave what matches, and say how much that is', async () => {
  const page = await open(url, 'a desktop');
  const findings = page.locator('#findings article');
  const all = await findings.count();
  expect(all).toBeGreaterThan(1);

  await page.keyboard.press('/');
  await page.keyboard.type('no-stale-patch');
  await page.locator('#count').filter({ hasText: ' shown' }).waitFor();
  expect(await findings.filter({ visible: true }).count()).toBe(1);
  await page.keyboard.press('Escape');
  expect(await findings.filter({ visible: true }).count()).toBe(all);

  const state = page.getByRole('button', { name: /^State \(/ });
  await state.click();
  expect(await findings.filter({ visible: true }).allTextContents()).toEqual([
    expect.stringContaining('no-module-state'),
  ]);
  await state.click();

  await page.getByRole('button', { name: '1 stale' }).click();
  expect(await page.locator('tbody tr').filter({ visible: true }).allTextContents()).toEqual([
    expect.stringContaining('sell'),
  ]);

  await page.getByRole('searchbox').fill('no such text');
  await page.getByText('No finding matches.').waitFor();
  await page.close();
});

test('j and k go through the findings, and a link leads to one', async () => {
  const page = await open(url, 'a desktop');
  const focused = (): Promise<string> => page.evaluate('document.activeElement.id');
  await page.keyboard.press('j');
  const first = await focused();
  await page.keyboard.press('j');
  expect(await focused()).not.toBe(first);
  await page.keyboard.press('k');
  expect(await focused()).toBe(first);
  await page.locator(`#${first}`).getByRole('link', { name: 'Link to this finding' }).click();
  expect(page.url()).toBe(`${url}#${first}`);
  await page.close();
});

test.each(Object.keys(DEVICES) as (keyof typeof DEVICES)[])(
  'on %s it can be read, and nothing is wider than the page',
  async (device) => {
    const page = await open(url, device);
    expect(await accessibilityProblems(page)).toEqual([]);
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBe(DEVICES[device].viewport.width);
    await page.close();
  },
);
