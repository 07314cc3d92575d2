import { startProxy, type FaultProxy } from '@justscale/fixtures/fault-proxy';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import type { Page } from 'playwright-core';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useProcesses } from '../two-processes/support/use-processes.js';
import { accessibilityProblems, DEVICES, useBrowser } from './support/use-browser.js';

const database = useDatabase();
const open = useBrowser(/responded with a status of 409/);
const start = useProcesses();

let proxy: FaultProxy;

beforeAll(async () => {
  proxy = await startProxy(Number(new URL(database.url).port));
});

afterAll(() => proxy.close());

/** Somebody in front of the page of a process of its own. */
async function arrive(
  name: string,
  databaseUrl = database.url,
  device: keyof typeof DEVICES = 'a desktop',
): Promise<Page> {
  const process = start({ databaseUrl, expectedErrors: ['ConnectionFailedError'] });
  const { port } = await process.client();
  const page = await open(`http://127.0.0.1:${port}/`, device);
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText(`${name}, on the process at 127.0.0.1:${port}`).waitFor();
  return page;
}

async function makeRoom(page: Page, name: string): Promise<void> {
  await page.getByLabel('A new room').fill(name);
  await page.getByRole('button', { name: 'Make it' }).click();
  await page.getByRole('heading', { name }).waitFor();
}

async function enterRoom(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Look for new rooms' }).click();
  await page.getByRole('button', { name, exact: true }).click();
  await page.getByRole('heading', { name }).waitFor();
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(text);
  await page.keyboard.press('Enter');
}

const hears = (page: Page, text: string): Promise<void> =>
  page.getByRole('log').getByText(text).waitFor();

test('two people on two processes talk, and whoever comes later or again reads what was said', async () => {
  const ada = await arrive('ada');
  await makeRoom(ada, 'lobby');
  await say(ada, 'first');
  await hears(ada, 'first');

  const bob = await arrive('bob');
  await enterRoom(bob, 'lobby');
  await hears(bob, 'first');
  await say(bob, 'hello <b>ada</b>');
  await hears(ada, 'hello <b>ada</b>');
  await say(ada, 'hello bob');
  await hears(bob, 'hello bob');

  await bob.reload();
  await bob.getByText('bob, on the process').waitFor();
  await enterRoom(bob, 'lobby');
  await hears(bob, 'hello bob');
  expect(await bob.getByRole('log').locator('p').count()).toBe(3);
  await Promise.all([ada.close(), bob.close()]);
});

test('a name that is taken is told, and another one can be given', async () => {
  const eve = await arrive('eve');
  const url = eve.url();
  const other = await open(url, 'a desktop');
  await other.getByLabel('Your name').fill('eve');
  await other.keyboard.press('Enter');
  await other.getByRole('status').getByText('eve').waitFor();
  await other.getByLabel('Your name').fill('eva');
  await other.keyboard.press('Enter');
  await other.getByText('eva, on the process at').waitFor();
  await Promise.all([eve.close(), other.close()]);
});

test('a process that lost its bus says so when it has read again, and nothing is missing', async () => {
  const ann = await arrive('ann');
  await makeRoom(ann, 'busy');
  const ben = await arrive('ben', proxy.through(database.url));
  await enterRoom(ben, 'busy');
  await say(ann, 'before');
  await hears(ben, 'before');

  const listenersBefore = await listeners();
  proxy.refuse();
  const sql = postgres(database.url, { max: 1 });
  for (const pid of listenersBefore) {
    const [row] = await sql<{ isOfBen: boolean }[]>`
      select pg_terminate_backend(${pid}, 5000) as "isOfBen"`;
    expect(row?.isOfBen).toBe(true);
  }
  await say(ann, 'unheard');
  await hears(ann, 'unheard');
  proxy.accept();
  await ben.getByText('This process had lost its bus. It is back, and has read again').waitFor();
  await hears(ben, 'unheard');
  await sql.end();
  await Promise.all([ann.close(), ben.close()]);
});

test.each(Object.keys(DEVICES) as (keyof typeof DEVICES)[])(
  'on %s it can be read, and nothing is wider than the page',
  async (device) => {
    const page = await arrive(`on-${device.replaceAll(' ', '-')}`, database.url, device);
    await makeRoom(page, `a room with ${'a long name '.repeat(5)}`);
    await say(page, 'a long word: '.padEnd(300, 'o'));
    await hears(page, 'a long word');
    expect(await accessibilityProblems(page)).toEqual([]);
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBe(DEVICES[device].viewport.width);
    await page.close();
  },
);

async function listeners(): Promise<number[]> {
  const sql = postgres(database.url, { max: 1 });
  const rows = await sql<{ pid: number }[]>`
    select pid from pg_stat_activity where datname = current_database() and query ilike 'listen %'`;
  await sql.end();
  return rows.map(({ pid }) => pid);
}
