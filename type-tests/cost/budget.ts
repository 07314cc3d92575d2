import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { CompilerName } from '../compilers/index.js';
import type { Cost } from './measure.js';

/** How many instantiations the benchmark's domain may take, and why. */
export interface Budget {
  readonly reason: string;
  readonly instantiations: Readonly<Record<CompilerName, number>>;
}

const file = fileURLToPath(new URL('../../cost/budget.json', import.meta.url));
const TOLERANCE = 0.05;

/** Reads the budget that is committed. */
export async function readBudget(): Promise<Budget> {
  return JSON.parse(await readFile(file, 'utf8')) as Budget;
}

/** Commits to what was measured. */
export async function writeBudget(reason: string, costs: readonly Cost[]): Promise<void> {
  const instantiations = Object.fromEntries(
    costs.map((cost) => [cost.compiler, cost.instantiations]),
  );
  await writeFile(file, `${JSON.stringify({ reason, instantiations }, undefined, 2)}\n`);
}

/** What is over the budget by more than 5 %, or so far below it that it holds nothing any more; one sentence each. */
export function budgetProblems(budget: Budget, costs: readonly Cost[]): string[] {
  return costs.flatMap(({ compiler, instantiations }) => {
    const allowed = budget.instantiations[compiler];
    const change = instantiations - allowed;
    if (Math.abs(change) <= allowed * TOLERANCE) return [];
    const percent = Math.round((Math.abs(change) / allowed) * 1000) / 10;
    return [
      `TypeScript ${compiler}: ${instantiations} instantiations, ${percent} % ${
        change > 0 ? 'more' : 'less'
      } than the ${allowed} of type-tests/cost/budget.json; write it anew, with the reason (npm run type-cost -- --write "…")`,
    ];
  });
}
