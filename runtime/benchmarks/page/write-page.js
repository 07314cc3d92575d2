import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { renderPerformancePage } from './performance-page.js';
import { drawPlots } from './plots.js';

const docs = new URL('../../../docs/', import.meta.url);

/** Writes docs/performance.md and the plots beside it. */
export async function writePage(results) {
  const page = fileURLToPath(new URL('performance.md', docs));
  const options = await resolveConfig(page);
  const text = await format(renderPerformancePage(results), { ...options, filepath: page });
  await mkdir(new URL('performance/', docs), { recursive: true });
  await writeFile(page, text);
  for (const [file, svg] of Object.entries(drawPlots(results.parts)))
    await writeFile(new URL(`performance/${file}`, docs), svg);
}
