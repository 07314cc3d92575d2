import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { CheckContext, CheckResult, TestedClaim } from './check.js';
import type { TestReport } from './vitest-reporter.js';

const require = createRequire(import.meta.url);
const VITEST = join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs');
const REPORTER = fileURLToPath(new URL('./vitest-reporter.js', import.meta.url));
const GRACE_MS = 10_000;

/** One vitest for the files of all claims: a server and a compiler are started once, not once for each. */
export class TestRun {
  readonly #filters: readonly string[];
  readonly #files: string[] = [];
  readonly #reports = new Map<string, Extract<TestReport, { event: 'file' }>>();
  readonly #tests = new Map<string, number>();
  #waiting: (() => void)[] = [];
  #problem: string | undefined;
  #hasEnded = false;

  constructor(claims: readonly TestedClaim[], isThorough: boolean) {
    this.#filters = claims.flatMap((claim) => filtersOf(claim, isThorough));
  }

  /** Runs them all; resolves when vitest has ended. */
  async run({ root, signal }: Pick<CheckContext, 'root' | 'signal'>): Promise<void> {
    const child = spawn(
      process.execPath,
      [VITEST, 'run', ...this.#filters, `--reporter=${REPORTER}`],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, NO_COLOR: '1' },
      },
    );
    const abort = (): void => {
      child.kill('SIGINT');
      setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
    };
    signal.addEventListener('abort', abort, { once: true });
    let errors = '';
    child.stderr
      .setEncoding('utf8')
      .on('data', (text: string) => (errors = (errors + text).slice(-2_000)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('{"event":')) this.#hear(JSON.parse(line) as TestReport, root);
    });
    const [code] = (await once(child, 'close')) as [number | null];
    signal.removeEventListener('abort', abort);
    const hasFailed = [...this.#reports.values()].some(({ failures }) => failures.length > 0);
    if (signal.aborted) this.#problem = 'interrupted';
    else if (code !== 0 && !hasFailed)
      this.#problem = `vitest ended with ${String(code)}: ${errors.trim()}`;
    this.#hasEnded = true;
    this.#wake();
  }

  /** What the files of one claim came to, as soon as the last one is through. */
  async resultOf(claim: TestedClaim, context: CheckContext): Promise<CheckResult> {
    const filters = filtersOf(claim, context.isThorough);
    for (;;) {
      const files = this.#files.filter((file) => filters.some((filter) => file.includes(filter)));
      const done = files.flatMap((file) => this.#reports.get(file) ?? []);
      const passed = files.reduce((sum, file) => sum + (this.#tests.get(file) ?? 0), 0);
      if (files.length > 0)
        context.progress(`${passed} ${claim.unit}, ${done.length} of ${files.length} files`);
      const isDone = files.length > 0 && done.length === files.length;
      if (isDone || this.#hasEnded) return this.#summarise(claim, done, isDone);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #summarise(
    { unit }: TestedClaim,
    done: readonly Extract<TestReport, { event: 'file' }>[],
    isDone: boolean,
  ): CheckResult {
    const failures = done.flatMap((report) => report.failures);
    const count = done.reduce((sum, report) => sum + report.passed + report.failures.length, 0);
    if (!isDone) failures.push(this.#problem ?? 'not all of its files were run');
    else if (count === 0) failures.push('its files hold no test');
    return { count, unit, failures, figures: done.flatMap((report) => report.figures) };
  }

  #hear(report: TestReport, root: string): void {
    if (report.event === 'files')
      this.#files.push(...report.files.map((file) => relative(root, file)));
    else {
      const file = relative(root, report.file);
      if (report.event === 'file') this.#reports.set(file, report);
      else this.#tests.set(file, (this.#tests.get(file) ?? 0) + 1);
    }
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

function filtersOf({ files }: TestedClaim, isThorough: boolean): readonly string[] {
  return isThorough ? files.all : files.short;
}
