import { compilers, type Compiler, type CompilerName } from '../compilers/index.js';

/** What checking a project costs on one compiler. */
export interface Cost {
  readonly compiler: CompilerName;
  /** The same on every machine. */
  readonly instantiations: number;
  /** The fastest of the runs. */
  readonly checkMs: number;
}

/**
 * Checks a project on compilers, one after the other.
 *
 * @param project - the path of its `tsconfig.json`
 * @param runs - how often
 * @param on - the compilers; all of them when not said
 * @throws when a compiler reports an error
 */
export async function measureProject(
  project: string,
  runs = 1,
  on: readonly Compiler[] = compilers,
): Promise<readonly Cost[]> {
  const costs: Cost[] = [];
  for (const { name, check } of on) {
    let checkMs = Infinity;
    let instantiations = 0;
    for (let run = 0; run < runs; run++) {
      const result = await check(project);
      const [first] = result.diagnostics;
      if (first !== undefined) {
        throw new Error(`${first.file}:${first.line} ${first.code}: ${first.message}`);
      }
      checkMs = Math.min(checkMs, result.checkMs);
      instantiations = result.instantiations;
    }
    costs.push({ compiler: name, instantiations, checkMs });
  }
  return costs;
}
