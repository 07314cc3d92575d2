// Prints `N passed, N failed` from vitest's JSON reports and exit statuses: print-totals.mjs [REPORT STATUS]…
// Exits with 1 when something failed.
import { readFileSync } from 'node:fs';

const [, , ...outcomes] = process.argv;
let passed = 0;
let failed = 0;
for (let at = 0; at < outcomes.length; at += 2) {
  const counts = countsOf(outcomes[at], outcomes[at + 1]);
  passed += counts.passed;
  failed += counts.failed;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function countsOf(path, status) {
  const report = read(path);
  if (report === undefined) return { passed: 0, failed: 1 };
  // A file that could not be loaded has no tests, and has failed all the same.
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  const failures = report.numFailedTests + unloaded.length;
  // An error outside of every test, such as an unhandled rejection, is in no count of the report.
  const outside = failures === 0 && status !== '0' ? 1 : 0;
  return { passed: report.numPassedTests, failed: failures + outside };
}

/** A run that failed before its first test writes no report. */
function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
