import type { CheckResult } from '../check.js';
import { runCheckProcess } from './check-process.js';
import type { FoundCheck } from './find-checks.js';

/** How a check went. */
export interface Outcome extends CheckResult {
  readonly check: FoundCheck['check'];
  readonly ok: boolean;
  readonly durationMs: number;
}

/** Is told how the proof goes on. */
export interface Reporter {
  start(check: FoundCheck['check']): void;
  progress(check: FoundCheck['check'], text: string): void;
  end(outcome: Outcome): void;
}

/**
 * Runs checks one after the other, so that none disturbs what another one measures.
 *
 * @throws the signal's reason when it is aborted
 */
export async function runChecks(
  checks: readonly FoundCheck[],
  reporter: Reporter,
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { check, file } of checks) {
    reporter.start(check);
    const startedAt = performance.now();
    const result = await runCheckProcess(file, (text) => reporter.progress(check, text), signal);
    const failures =
      result.count === 0 && result.failures.length === 0
        ? ['Nothing was checked, so nothing is proved.']
        : result.failures;
    const outcome: Outcome = {
      ...result,
      check,
      failures,
      ok: failures.length === 0,
      durationMs: performance.now() - startedAt,
    };
    outcomes.push(outcome);
    reporter.end(outcome);
  }
  return outcomes;
}
