import { fileURLToPath } from 'node:url';
import { compilers } from '@justscale/type-tests/compilers';
import {
  benchmarkSize,
  budgetProblems,
  measureProject,
  readBudget,
  writeJustscale,
  writeProject,
} from '@justscale/type-tests/cost';
import { expect, test } from 'vitest';

const directory = fileURLToPath(new URL('../.tmp/cost-budget', import.meta.url));

test(
  '100 models, 300 call sites and 200 signals cost what the budget says',
  { timeout: 300_000 },
  async () => {
    const project = await writeProject(directory, writeJustscale(benchmarkSize));

    // The newest is many times faster; the others are the matter of npm run type-cost -- --check.
    const costs = await measureProject(project, 1, compilers.slice(-1));

    expect(budgetProblems(await readBudget(), costs)).toEqual([]);
  },
);

test('more than 5 % over the budget is named, with both figures', () => {
  const budget = { reason: '', instantiations: { '5.9': 1000, '6.0': 1000, '7.0': 1000 } };

  const problems = budgetProblems(budget, [
    { compiler: '5.9', instantiations: 1050, checkMs: 1 },
    { compiler: '6.0', instantiations: 1051, checkMs: 1 },
    { compiler: '7.0', instantiations: 940, checkMs: 1 },
  ]);

  expect(problems).toEqual([
    expect.stringMatching(/^TypeScript 6\.0: 1051 instantiations, 5\.1 % more than the 1000 of /),
    expect.stringMatching(/^TypeScript 7\.0: 940 instantiations, 6 % less than the 1000 of /),
  ]);
});
