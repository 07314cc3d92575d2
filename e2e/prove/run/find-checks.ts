import { readdir } from 'node:fs/promises';
import { RINGS, type Check } from '../check.js';

/** A check, and the module that it comes from. */
export interface FoundCheck {
  readonly check: Check;
  readonly file: string;
}

const CHECKS = new URL('../checks/', import.meta.url);

/** Every module of a folder, by default the checks of the proof: by ring, then by name. */
export async function findChecks(folder: URL = CHECKS): Promise<readonly FoundCheck[]> {
  const names = (await readdir(folder)).filter((name) => /\.m?js$/.test(name)).sort();
  const found = await Promise.all(
    names.map(async (name): Promise<FoundCheck> => {
      const file = new URL(name, folder).href;
      const { default: check } = (await import(file)) as { default: Check };
      return { check, file };
    }),
  );
  return found.sort((a, b) => RINGS.indexOf(a.check.ring) - RINGS.indexOf(b.check.ring));
}
