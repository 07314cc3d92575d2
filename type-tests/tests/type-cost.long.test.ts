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
