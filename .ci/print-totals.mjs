// Prints `N passed, N failed` from vitest's JSON report and its exit status.
import { readFileSync } from 'node:fs';

const [, , path, status] = process.argv;
const report = JSON.parse(readFileSync(path, 'utf8'));
// A file that could not be loaded has no tests, and has failed all the same.
const unloaded = report.testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
);
const failed = report.numFailedTests + unloaded.length;
// An error outside of every test, such as an unhandled rejection, is in no count of the report.
const outside = failed === 0 && status !== '0' ? 1 : 0;
console.log(`${report.numPassedTests} passed, ${failed + outside} failed`);
