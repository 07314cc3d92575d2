import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { findProgram } from '@justscale/fixtures/find-program';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';

const CHROMIUM = {
  names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  variable: 'CHROMIUM',
  debianPackage: 'chromium',
};
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What a person has in hands. */
export const DEVICES = {
  'a desktop': { viewport: { width: 1200, height: 900 }, colorScheme: 'light' },
  'a desktop in the dark': { viewport: { width: 1200, height: 900 }, colorScheme: 'dark' },
  'a phone': { viewport: { width: 375, height: 740 }, colorScheme: 'light' },
  'a phone in the dark': { viewport: { width: 375, height: 740 }, colorScheme: 'dark' },
} as const;

/**
 * Opens pages in the machine's Chromium. An error or a failed request of a page fails the file.
 *
 * @param expected - what the browser says itself of answers that a test asks for
 */
export function useBrowser(
  expected?: RegExp,
): (url: string, device: keyof typeof DEVICES) => Promise<Page> {
  let browser: Browser | undefined;
  const problems: string[] = [];

  beforeAll(async () => {
    const executablePath = await findProgram(CHROMIUM);
    // In containers it mostly runs as root, which its sandbox refuses.
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    browser = await chromium.launch({ executablePath, args });
  });

  afterAll(async () => {
    await browser?.close();
    expect(problems).toEqual([]);
  });

  return async (url, device) => {
    if (browser === undefined) throw new Error('Open pages inside a test.');
    const { origin } = new URL(url);
    const page = await browser.newPage({ ...DEVICES[device] });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      const text = message.text();
      if (message.type() === 'error' && !expected?.test(text)) problems.push(text);
    });
    page.on('request', (request) => {
      const asked = request.url();
      // The origin of a file is no start of its address.
      if (asked !== url && !asked.startsWith(origin) && !asked.startsWith('data:'))
        problems.push(`a request to ${asked}`);
    });
    await page.goto(url);
    return page;
  };
}

/** What axe finds wrong with a page as it is now: contrast, names, roles. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // As a string: the page's own policy allows no script but its own.
  return page.evaluate(`(async () => {
    ${await readFile(AXE, 'utf8')};
    const { violations } = await window.axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 120)));
  })()`);
}
