import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const runtime = join(import.meta.dirname, '..');

/** Tests use what is built, as users do: a build older than the sources would answer for code that is gone. */
export default async function requireFreshBuild(): Promise<void> {
  const built = await stat(join(runtime, 'dist/bundle/index.js')).catch(() => undefined);
  if (!built || built.mtimeMs < (await newest(join(runtime, 'src')))) {
    throw new Error('The sources of runtime are newer than what is built: npm run build.');
  }
}

async function newest(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true });
  const stats = await Promise.all(entries.map((entry) => stat(join(folder, entry))));
  return Math.max(...stats.filter((each) => each.isFile()).map((each) => each.mtimeMs));
}
