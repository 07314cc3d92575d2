import { execFile } from 'node:child_process';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inRepository } from '@justscale/fixtures/commands';
import { benchmarkSize, type DomainWriter } from './domain-size.js';
import { writeDrizzle } from './domains/drizzle.js';
import { writeJustscale } from './domains/justscale.js';
import { writeKysely } from './domains/kysely.js';
import { writePrisma } from './domains/prisma.js';
import { measureProject, type Cost } from './measure.js';
import { writeProject } from './write-project.js';

const run = promisify(execFile);
const source = inRepository('type-tests/cost');
const scratch = inRepository('type-tests/.tmp/cost');

/** The domain in our words, with and without its signals. */
export async function measureOwn(runs: number) {
  return {
    '@justscale/runtime': await measure('justscale', writeJustscale, runs),
    '@justscale/runtime without signals': await measure(
      'justscale-without-signals',
      (size) => writeJustscale({ ...size, signals: 0 }),
      runs,
    ),
  };
}

/** The same domain, without signals, in the words of other libraries, which are installed for it. */
export async function measureOthers(runs: number): Promise<Record<string, readonly Cost[]>> {
  await mkdir(scratch, { recursive: true });
  await cp(join(source, 'package.json'), join(scratch, 'package.json'));
  await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: scratch });

  const drizzle = await measure('drizzle', writeDrizzle, runs);
  const kysely = await measure('kysely', writeKysely, runs);
  const project = await writeProject(join(scratch, 'prisma'), writePrisma(benchmarkSize));
  // Generating types needs no engine; without this variable Prisma downloads one all the same.
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };
  await run('npx', ['prisma', 'generate', '--schema', 'prisma/schema.prisma'], {
    cwd: scratch,
    env,
  });
  return { 'drizzle-orm': drizzle, kysely, prisma: await measureProject(project, runs) };
}

async function measure(name: string, writer: DomainWriter, runs: number): Promise<readonly Cost[]> {
  return measureProject(await writeProject(join(scratch, name), writer(benchmarkSize)), runs);
}
