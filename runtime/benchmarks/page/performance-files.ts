import { page, type WrittenFile } from '@justscale/fixtures/commands';
import type { Results } from '../results.js';
import { renderPerformancePage } from './performance-page.js';
import { drawPlots } from './plots.js';

/** docs/performance.md and the plots beside it, a function of what is on record. */
export async function performanceFiles(results: Results): Promise<readonly WrittenFile[]> {
  const plots = Object.entries(drawPlots(results.parts));
  return [
    await page('docs/performance.md', renderPerformancePage(results)),
    ...plots.map(([file, text]) => ({ path: `docs/performance/${file}`, text })),
  ];
}
