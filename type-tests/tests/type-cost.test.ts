import { budgetProblems } from '@justscale/type-tests/cost';
import { expect, test } from 'vitest';

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
