import type { Check, CheckContext, CheckResult, FinishedCheck, TestedClaim } from './check.js';
import type { ProgressView } from './output/progress-view.js';
import { TestRun } from './test-run.js';

/**
 * Runs the checks: the tests of all claims in one vitest, and beside them the programs of the others, one after another.
 *
 * @returns in the order of `checks`
 */
export async function runChecks(
  checks: readonly Check[],
  options: Omit<CheckContext, 'progress'>,
  view: ProgressView,
): Promise<FinishedCheck[]> {
  const tested = checks.filter(isTested);
  const tests = new TestRun(tested, options.isThorough);
  const running = tested.length === 0 ? undefined : tests.run(options);
  let last: Promise<unknown> = Promise.resolve();
  const finished = checks.map((check) => {
    if (isTested(check))
      return finish(check, options, view, (context) => tests.resultOf(check, context));
    const result = last.then(() => finish(check, options, view, (context) => check.run(context)));
    last = result;
    return result;
  });
  await running;
  return Promise.all(finished);
}

function isTested(check: Check): check is TestedClaim {
  return 'files' in check;
}

async function finish(
  check: Check,
  options: Omit<CheckContext, 'progress'>,
  view: ProgressView,
  run: (context: CheckContext) => Promise<CheckResult>,
): Promise<FinishedCheck> {
  const started = performance.now();
  view.start(check.claim);
  let result: CheckResult;
  try {
    if (options.signal.aborted) throw new Error('interrupted');
    result = await run({ ...options, progress: (text) => view.update(check.claim, text) });
  } catch (error) {
    const failures = [error instanceof Error ? error.message : String(error)];
    result = { count: 0, unit: 'checked', failures, figures: [] };
  }
  const finished = { check, result, seconds: (performance.now() - started) / 1_000 };
  view.stop(finished);
  return finished;
}
