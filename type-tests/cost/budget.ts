import { readRecord, record, type WrittenFile } from '@justscale/fixtures/commands';
import type { CompilerName } from '../compilers/index.js';
import type { Cost } from './measure.js';

/** How many instantiations the benchmark's domain may take, and why. */
export interface Budget {
  readonly reason: string;
  readonly instantiations: Readonly<Record<CompilerName, number>>;
}

const FILE = 'type-tests/cost/budget.json';
const TOLERANCE = 0.05;

/** Reads the budget that is committed. */
export function readBudget(): Promise<Budget> {
  return readRecord<Budget>(FILE);
}

/** A budget of what was measured, as the file to commit. */
export function budgetFile(reason: string, costs: readonly Cost[]): Promise<WrittenFile> {
  const instantiations = Object.fromEntries(
    costs.map((cost) => [cost.compiler, cost.instantiations]),
  );
  return record(FILE, { reason, instantiations });
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
      } than the ${allowed} of type-tests/cost/budget.json; write it anew, with the reason (npm run type-cost -- --write --reason "…")`,
    ];
  });
}
