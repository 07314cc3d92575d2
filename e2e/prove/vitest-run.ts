import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { CheckContext, CheckResult } from './check.js';
import type { ModuleReport } from './vitest-reporter.js';

const require = createRequire(import.meta.url);
const VITEST = join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs');
const REPORTER = fileURLToPath(new URL('./vitest-reporter.js', import.meta.url));
const GRACE_MS = 10_000;

/**
 * Runs test files in a vitest process of their own.
 *
 * @param filters - parts of the files' paths, as vitest takes them
 * @param unit - what the tests are, such as `cases`
 */
export async function runVitest(
  context: CheckContext,
  filters: readonly string[],
  unit: string,
): Promise<CheckResult> {
  const { root, signal, progress } = context;
  const child = spawn(process.execPath, [VITEST, 'run', ...filters, `--reporter=${REPORTER}`], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  const abort = (): void => {
    child.kill('SIGINT');
    setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
  };
  signal.addEventListener('abort', abort, { once: true });

  let errors = '';
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (errors = (errors + text).slice(-2_000)));
  const reports: ModuleReport[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const report = parseReport(line);
    if (report === undefined) return;
    reports.push(report);
    progress(`${reports.reduce((sum, { passed }) => sum + passed, 0)} passed`);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  signal.removeEventListener('abort', abort);

  const failures = reports.flatMap((report) => report.failures);
  const count = reports.reduce(
    (sum, { passed, failures: failed }) => sum + passed + failed.length,
    0,
  );
  if (signal.aborted) failures.push('interrupted');
  else if (code !== 0 && failures.length === 0)
    failures.push(`vitest ended with ${String(code)}: ${errors.trim()}`);
  else if (count === 0) failures.push(`no test matches ${filters.join(', ')}`);
  const notes = reports.flatMap((report) => report.notes);
  return { count, unit, failures, ...(notes.length === 0 ? {} : { note: notes.join('; ') }) };
}

function parseReport(line: string): ModuleReport | undefined {
  if (!line.startsWith('{"module":')) return undefined;
  return JSON.parse(line) as ModuleReport;
}
