import { join } from 'node:path';
import { inRepository, median } from '@justscale/fixtures/commands';
import { compilers, type CompilerName } from '../compilers/index.js';
import { writeWideDomain } from './domains/wide.js';
import { measureProject } from './measure.js';
import { writeProject } from './write-project.js';

/** What our types add to one compiler's check of a domain of wide models; medians, in milliseconds of processor time. */
export interface AddedCost {
  readonly compiler: CompilerName;
  readonly version: string;
  /** The same domain with plain classes of the same schemas. */
  readonly plain: number;
  readonly own: number;
  /** The median of the differences within each round. */
  readonly added: number;
}

const scratch = inRepository('type-tests/.tmp/cost');

/**
 * Checks both domains on every compiler by turns, so that what disturbs the machine is in all.
 *
 * @param rounds - how often each
 * @throws when a compiler reports an error
 */
export async function measureAdded(rounds: number): Promise<readonly AddedCost[]> {
  const plain = await writeProject(join(scratch, 'wide-plain'), writeWideDomain('./plain.js'));
  const own = await writeProject(join(scratch, 'wide'), writeWideDomain('@justscale/runtime'));
  // Both have to compile: an error ends a check early, and looks like speed.
  await measureProject(plain);
  await measureProject(own);

  const times = compilers.map(() => ({ plain: [] as number[], own: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, compiler] of compilers.entries()) {
      times[index]?.plain.push(await compiler.processorTime(plain));
      times[index]?.own.push(await compiler.processorTime(own));
    }
  }
  return compilers.map(({ name, version }, index) => {
    const { plain = [], own = [] } = times[index] ?? {};
    const added = own.map((time, round) => time - (plain[round] ?? Number.NaN));
    return {
      compiler: name,
      version,
      plain: median(plain),
      own: median(own),
      added: median(added),
    };
  });
}
