import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Check } from '../check.js';

/** What the catalogue's own command prints with `--json`. */
interface CatalogueReport {
  readonly totals: {
    readonly entries: number;
    readonly types: number;
    readonly lint: number;
    readonly runtime: number;
    readonly runtimeAlone: number;
  };
  /** How many the catalogue has; all of them are looked at without `--sample`. */
  readonly known: number;
  readonly problems: readonly string[];
}

export const forgeries: Check = {
  ring: 'types',
  claim: 'every known forgery is refused, none by the runtime alone',
  async run({ root, signal, isThorough, progress }) {
    progress(`${isThorough ? 'three compilers' : 'a compiler'}, the plugin, both stores`);
    const { totals, known, problems } = await observe(root, signal, isThorough ? [] : ['--sample']);
    return {
      count: totals.entries,
      unit: 'forgeries',
      figures: [
        {
          text:
            (totals.entries < known ? `one of each kind, of ${known} known: ` : '') +
            `refused by types ${totals.types}, by lint ${totals.lint}, by the runtime ${totals.runtime}; ` +
            `by the runtime alone ${totals.runtimeAlone}`,
          isMissed: totals.runtimeAlone > 0,
        },
      ],
      failures: problems,
    };
  },
};

function observe(
  root: string,
  signal: AbortSignal,
  flags: readonly string[],
): Promise<CatalogueReport> {
  const command = join(root, 'fixtures', 'dist', 'tools', 'forgery-catalogue', 'cli.js');
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [command, '--json', ...flags],
      { signal },
      (_error, stdout, stderr) => {
        try {
          // It exits with 1 when there are problems, and lists them all the same.
          resolve(JSON.parse(stdout) as CatalogueReport);
        } catch {
          reject(new Error(`The catalogue was not observed. ${stderr.trim()}`));
        }
      },
    );
  });
}
