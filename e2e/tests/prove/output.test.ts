import { describe, expect, test } from 'vitest';
import { verdictOf, type FinishedCheck } from '../../dist/prove/check.js';
import { proofPage } from '../../dist/prove/output/proof-page.js';
import { formatTable } from '../../dist/prove/output/result-table.js';

function finished(claim: string, result: Partial<FinishedCheck['result']> = {}): FinishedCheck {
  return {
    check: { ring: 'runtime', claim, unit: 'cases', files: { short: [], all: [] } },
    result: { count: 3, unit: 'cases', failures: [], figures: [], ...result },
    seconds: 1.5,
  };
}

const holding = finished('it holds', { figures: [{ text: 'in 5 ms', isMissed: false }] });
const slow = finished('it is slow', { figures: [{ text: 'in 9 s <target>', isMissed: true }] });
const fallen = finished('it falls', { failures: ['expected 1 to be 2'] });

test('a figure that misses its target does not stand behind a tick', () => {
  expect([holding, slow, fallen].map(verdictOf)).toEqual(['holds', 'misses', 'falls']);
  const table = formatTable([holding, slow], 3, false);
  expect(table).toMatch(/^ ✓ .*it holds/m);
  expect(table).toMatch(/^ ! .*it is slow/m);
  expect(table).toContain('missed: in 9 s <target>');
  expect(table).toMatch(/claims hold.*1 with a figure that misses its target/);
});

describe('the proof falls', () => {
  test('when one claim does, which says why', () => {
    const table = formatTable([holding, fallen], 3, false);
    expect(table).toMatch(/^ ✗ .*it falls/m);
    expect(table).toMatch(/The proof falls: 1 of 2[^]*it falls: expected 1 to be 2/);
  });

  test('when nothing was checked', () => {
    expect(formatTable([], 0, false)).toContain('The proof falls');
  });
});

test('as a page it says the same, asks nobody for anything, and takes no text for HTML', () => {
  const page = proofPage([holding, slow, fallen], { seconds: 3, machine: '2 × <cpu>' });
  for (const text of [
    'it holds',
    'in 9 s &#60;target&#62;',
    'expected 1 to be 2',
    '2 × &#60;cpu&#62;',
  ])
    expect(page).toContain(text);
  expect(page).not.toMatch(/https?:|<script|<link/);
});
