import { execFile } from 'node:child_process';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { writeBudget } from './budget.js';
import { benchmarkSize, type DomainWriter } from './domain-size.js';
import { writeDrizzle } from './domains/drizzle.js';
import { writeJustscale } from './domains/justscale.js';
import { writeKysely } from './domains/kysely.js';
import { writePrisma } from './domains/prisma.js';
import { measureProject, type Cost } from './measure.js';
import { writeProject } from './write-project.js';

const run = promisify(execFile);
const source = fileURLToPath(new URL('../../cost/', import.meta.url));
const scratch = fileURLToPath(new URL('../../.tmp/cost/', import.meta.url));

const { values } = parseArgs({
  options: {
    compare: { type: 'boolean', default: false },
    runs: { type: 'string', default: '3' },
    write: { type: 'string' },
  },
});

const runs = Number(values.runs);
const own = await measure('justscale', writeJustscale);
print('@justscale/runtime', own);
print(
  '  without its signals',
  await measure('justscale-without-signals', (size) => writeJustscale({ ...size, signals: 0 })),
);
if (values.write !== undefined) await writeBudget(values.write, own);
if (values.compare) await compare();

async function measure(name: string, write: DomainWriter): Promise<readonly Cost[]> {
  return measureProject(await writeProject(join(scratch, name), write(benchmarkSize)), runs);
}

/** The same domain, without signals, in the words of other libraries. */
async function compare(): Promise<void> {
  await mkdir(scratch, { recursive: true });
  await cp(join(source, 'package.json'), join(scratch, 'package.json'));
  await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: scratch });

  print('drizzle-orm', await measure('drizzle', writeDrizzle));
  print('kysely', await measure('kysely', writeKysely));
  const project = await writeProject(join(scratch, 'prisma'), writePrisma(benchmarkSize));
  // Generating types needs no engine; without this variable Prisma downloads one all the same.
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };
  await run('npx', ['prisma', 'generate', '--schema', 'prisma/schema.prisma'], {
    cwd: scratch,
    env,
  });
  print('prisma', await measureProject(project, runs));
}

function print(name: string, costs: readonly Cost[]): void {
  const columns = costs.map(
    ({ compiler, instantiations, checkMs }) =>
      `${compiler}: ${instantiations.toLocaleString('en').padStart(9)} instantiations ${String(Math.round(checkMs)).padStart(6)} ms`,
  );
  console.log(`${name.padEnd(22)} ${columns.join('   ')}`);
}
