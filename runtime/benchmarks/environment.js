import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { VARIANTS } from './parts/throughput.js';
import { loadVariant } from './variant.js';

/** Where and with which versions it was measured. */
export async function describeEnvironment(database, rounds) {
  const [{ model }] = cpus();
  const variants = {};
  for (const name of VARIANTS) {
    const { title, asked, packages } = await loadVariant(name);
    variants[name] = {
      title,
      asked,
      versions: Object.fromEntries(packages.map((name) => [name, installedVersion(name)])),
    };
  }
  return {
    processors: availableParallelism(),
    model,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    load: loadavg()[0],
    node: process.version,
    postgres: await database.version(),
    date: new Date().toISOString().slice(0, 10),
    rounds,
    variants,
  };
}

/** Not every package exports its package.json, so it is looked for where Node.js looks. */
function installedVersion(name) {
  const paths = createRequire(import.meta.url).resolve.paths(name) ?? [];
  for (const folder of paths) {
    try {
      return JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8')).version;
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
  }
  throw new Error(`${name} is not installed: run node runtime/benchmarks/install.js`);
}
