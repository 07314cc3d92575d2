import { page } from '@justscale/fixtures/commands';
import { renderPerformancePage } from './performance-page.js';
import { drawPlots } from './plots.js';

/** docs/performance.md and the plots beside it, a function of what is on record. */
export async function performanceFiles(results) {
  const plots = Object.entries(drawPlots(results.parts));
  return [
    await page('docs/performance.md', renderPerformancePage(results)),
    ...plots.map(([file, text]) => ({ path: `docs/performance/${file}`, text })),
  ];
}
