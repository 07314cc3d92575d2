import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

// eslint-disable-next-line @justscale/no-module-state -- what this process has said; another one says it itself
const warned = new Set<string>();

/** Says once that a config has nothing to lint below the working folder, or nothing for most of its rules, rather than pass in silence. */
export function warnWithoutTypeScript(config: 'recommended' | 'strict' | 'races'): void {
  const folder = process.cwd();
  if (!isMainThread || warned.has(folder)) return;
  const message =
    config === 'races'
      ? describeRaces(folder)
      : describeTypedRules(folder, `justscale.configs.${config}`);
  if (message === null) return;
  warned.add(folder);
  process.emitWarning(message, { type: 'JustscaleWarning', code: 'JUSTSCALE_NOTHING_LINTED' });
}

function describeRaces(folder: string): string | null {
  return contains(folder, /\.[cm]?tsx?$/)
    ? null
    : `\`justscale.configs.races\` lints TypeScript files, and there are none below ${folder}: it lints nothing here. ` +
        `For JavaScript use \`justscale.configs.syntactic\`, whose rules need no types.`;
}

function describeTypedRules(folder: string, config: string): string | null {
  return contains(folder, /\.[cm]?tsx?$|^[tj]sconfig.*\.json$/)
    ? null
    : `most rules of \`${config}\` ask types, and below ${folder} is neither TypeScript nor a tsconfig.json: ` +
        `of them only the rules of \`justscale.configs.syntactic\` run, and the others lint nothing here. ` +
        `With a tsconfig.json that sets \`allowJs\` they read the types in the comments of JavaScript.`;
}

function contains(root: string, file: RegExp): boolean {
  const folders = [root];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    for (const entry of readEntries(folder)) {
      if (entry.isFile() && file.test(entry.name)) return true;
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
