import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { RunningDemo } from '../demo/support/running-demo.js';
import { accessibilityProblems, DEVICES, useBrowser } from './support/use-browser.js';

const open = useBrowser();
let demo: RunningDemo;

beforeAll(async () => {
  demo = await RunningDemo.start();
});

afterAll(() => demo.end());

type Side = 'by hand' | 'runtime';

/** Waits until a figure of a side is what it has to be. */
async function shows(page: Page, side: Side, figure: string, text: RegExp): Promise<void> {
  await page
    .locator(`[data-side="${side}"] [data-figure="${figure}"]`)
    .filter({ hasText: text })
    .waitFor({ timeout: 20_000 });
}

test('one request to each: a person sees one of the two get lost by hand, and none on the runtime', async () => {
  const page = await open(demo.url, 'a desktop');
  await page.getByRole('button', { name: 'One request to each' }).click();
  await shows(page, 'by hand', 'sales', /^2$/);
  await shows(page, 'by hand', 'lost', /^1$/);
  await shows(page, 'runtime', 'sales', /^2$/);
  await shows(page, 'runtime', 'lost', /^0$/);
  const statements = page.locator('[data-side="runtime"] [data-list="statements"]');
  expect(await statements.textContent()).toMatch(/for update/);
  await page.close();
});

test('who holds the lock is killed: the page says how long the other one waited', async () => {
  const page = await open(demo.url, 'a desktop');
  await page.getByRole('button', { name: 'Kill the holder' }).click();
  const backends = page.locator('[data-side="runtime"] [data-list="backends"]');
  await backends.getByText(/^B \(connection \d+\) waits for A /).waitFor({ timeout: 20_000 });
  await page.getByText(/A was killed.*B had sold its ticket \d+ ms later/).waitFor();
  await page.close();
});

test('all of it works with the keyboard', async () => {
  const page = await open(demo.url, 'a desktop');
  await page.getByText('A: process').waitFor();
  await page.getByRole('button', { name: 'Start over' }).focus();
  await page.keyboard.press('Enter');
  await shows(page, 'by hand', 'sales', /^0$/);
  await page.close();
});

test.each(Object.keys(DEVICES) as (keyof typeof DEVICES)[])(
  'on %s it can be read, and nothing is wider than the page',
  async (device) => {
    await demo.act('one each');
    const page = await open(demo.url, device);
    await shows(page, 'by hand', 'lost', /^[1-9]/);
    expect(await accessibilityProblems(page)).toEqual([]);
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBe(DEVICES[device].viewport.width);
    await page.close();
  },
);
