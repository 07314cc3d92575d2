import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describeMachine, type Machine } from '@justscale/fixtures/commands';
import type { BenchmarkDatabase } from './database.js';
import { VARIANTS, type VariantName } from './parts/throughput.js';
import { loadVariant, type Variant } from './variant.js';

/** A variant on the page. */
export interface VariantFacts extends Pick<Variant, 'title' | 'asked'> {
  readonly versions: Readonly<Record<string, string>>;
}

/** Where and with which versions it was measured. */
export interface Environment extends Machine {
  /** The version of the server. */
  readonly postgres: string;
  readonly rounds: number;
  readonly variants: Readonly<Record<VariantName, VariantFacts>>;
}

export async function describeEnvironment(
  database: BenchmarkDatabase,
  rounds: number,
): Promise<Environment> {
  const variants: Partial<Record<VariantName, VariantFacts>> = {};
  for (const name of VARIANTS) {
    const { title, asked, packages } = await loadVariant(name);
    const versions = Object.fromEntries(packages.map((each) => [each, installedVersion(each)]));
    variants[name] = { title, asked, versions };
  }
  return {
    ...describeMachine(),
    postgres: await database.version(),
    rounds,
    variants: variants as Record<VariantName, VariantFacts>,
  };
}

/** Not every package exports its package.json, so it is looked for where Node.js looks. */
function installedVersion(name: string): string {
  const paths = createRequire(import.meta.url).resolve.paths(name) ?? [];
  for (const folder of paths) {
    try {
      const text = readFileSync(`${folder}/${name}/package.json`, 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new Error(`${name} is not installed.`);
}
