import type { Outcome } from '../run/run-checks.js';

/** The proof as data. */
export function jsonReport(outcomes: readonly Outcome[]): object {
  return {
    ok: outcomes.every(({ ok }) => ok),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    checks: outcomes.map(({ check, ok, count, unit, details = [], failures, durationMs }) => ({
      ring: check.ring,
      title: check.title,
      ok,
      count,
      unit,
      details,
      failures,
      durationMs: Math.round(durationMs),
    })),
  };
}
