import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

// eslint-disable-next-line @justscale/no-module-state -- what this process has said; another one says it itself
const warned = new Set<string>();

/** Says once that a config of TypeScript files has nothing to lint below the working folder, rather than pass in silence. */
export function warnWithoutTypeScript(config: string): void {
  const folder = process.cwd();
  if (!isMainThread || warned.has(folder) || containsTypeScript(folder)) return;
  warned.add(folder);
  process.emitWarning(
    `\`justscale.configs.${config}\` lints TypeScript files, whose types its rules ask, and there are none below ${folder}: ` +
      `it lints nothing here. For JavaScript use \`justscale.configs.syntactic\`, whose rules need no types.`,
    { type: 'JustscaleWarning', code: 'JUSTSCALE_NOTHING_LINTED' },
  );
}

function containsTypeScript(root: string): boolean {
  const folders = [root];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    for (const entry of readEntries(folder)) {
      if (entry.isFile() && /\.[cm]?tsx?$/.test(entry.name)) return true;
      if (entry.isDirectory() && entry.name !== 'node_modules' && entry.name !== '.git')
        folders.push(join(folder, entry.name));
    }
  }
  return false;
}

function readEntries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // A folder that may not be read is none that ESLint lints.
    return [];
  }
}
