import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inRepository } from '@justscale/fixtures/commands';

const folder = inRepository('runtime/benchmarks');
const installed = join(folder, 'node_modules/.package-lock.json');
/** The client that Prisma generates. */
export const prismaClient = join(folder, '.tmp/prisma/index.js');

/** Installs what is compared and makes Prisma's client, unless both are there and of the lockfile. */
export function installPeers(): void {
  if (!isNewer(installed, join(folder, 'package-lock.json'))) run('npm', ['ci'], {});
  const schema = join(folder, 'prisma/schema.prisma');
  if (!isNewer(prismaClient, installed) || !isNewer(prismaClient, schema)) {
    // Making a client needs no engine, but the command would download one; it takes a file that is there for it.
    run('npx', ['--no-install', 'prisma', 'generate'], {
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    });
  }
}

function isNewer(file: string, than: string): boolean {
  return existsSync(file) && statSync(file).mtimeMs >= statSync(than).mtimeMs;
}

function run(command: string, args: readonly string[], environment: Record<string, string>): void {
  execFileSync(command, args, {
    cwd: folder,
    env: { ...process.env, ...environment },
    // What they print is progress, and goes where that goes.
    stdio: ['inherit', process.stderr, 'inherit'],
    shell: process.platform === 'win32',
  });
}
