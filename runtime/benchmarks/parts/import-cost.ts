import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { minifySync } from 'rolldown/utils';
import { byTurns } from '../by-turns.js';
import type { MeasureContext } from '../measure-context.js';
import type { Areas } from '../profile-areas.js';

const run = promisify(execFile);
const PROCESSES_EACH_ROUND = 3;
const here = fileURLToPath(new URL('..', import.meta.url));

const importing = (module: string): string => `const start = performance.now();
  await import('${module}');
  console.log(performance.now() - start);`;

const SCRIPTS = {
  bare: 'console.log(0)',
  empty: importing('./empty.js'),
  runtime: importing('@justscale/runtime'),
  postgres: importing('@justscale/runtime/postgres'),
  runtimeAfterEmpty: `await import('./empty.js'); ${importing('@justscale/runtime')}`,
};

const scriptNames = Object.keys(SCRIPTS) as (keyof typeof SCRIPTS)[];

/** An import takes a few milliseconds, so samples are taken often. */
const PROFILE = `const { profileAreas } = await import('./profile-areas.js');
  const { areas } = await profileAreas(() => import('@justscale/runtime'), 100);
  console.log(JSON.stringify(areas));`;

/**
 * What `import '@justscale/runtime'` costs: milliseconds within the process beside an empty module, which loads what Node.js
 * needs for any import, and after one; milliseconds of the whole process beside bare Node.js; where the time goes, in
 * microseconds by area, when it is not the first import; and the size of the files that it loads: as they are shipped, which is
 * not minified, and minified and gzipped, as a bundler's output would be.
 */
export async function measureImport({ rounds }: MeasureContext) {
  const times = rounds * PROCESSES_EACH_ROUND;
  const processes = await byTurns(scriptNames, times, async (name) => {
    const start = performance.now();
    const stdout = await evaluate(SCRIPTS[name]);
    return { importMs: Number(stdout), processMs: performance.now() - start };
  });
  const profile: Areas[] = [];
  for (let time = 0; time < times; time++)
    profile.push(JSON.parse(await evaluate(PROFILE)) as Areas);
  const entry = createRequire(import.meta.url).resolve('@justscale/runtime');
  const files = loadedFiles(entry);
  const sources = files.map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  const minified = sources.map(({ file, text }) => minifySync(file, text, { module: true }).code);
  return {
    processes,
    profile,
    files: files.length,
    bytes: sources.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0),
    gzipBytes: gzipSync(minified.join('')).length,
  };
}

/** What a process of its own prints that runs this code. */
async function evaluate(code: string): Promise<string> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: here,
  });
  return stdout;
}

/** A file and all that it imports by a relative path; the runtime's main entry imports nothing else but Node.js. */
function loadedFiles(entry: string): readonly string[] {
  const files = new Set([entry]);
  for (const file of files) {
    const source = readFileSync(file, 'utf8');
    for (const [, path = ''] of source.matchAll(/^(?:import|export)\b[^'"]*['"](\.[^'"]+)['"]/gm))
      files.add(fileURLToPath(new URL(path, `file://${file}`)));
  }
  return [...files];
}
