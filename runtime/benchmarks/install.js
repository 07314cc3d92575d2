import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const inFolder = (path) => fileURLToPath(new URL(path, import.meta.url));
const installed = inFolder('node_modules/.package-lock.json');
const client = inFolder('.tmp/prisma/index.js');

/** Installs what is compared and makes Prisma's client, unless both are there and of the lockfile. */
export function installPeers() {
  if (!isNewer(installed, inFolder('package-lock.json'))) run('npm', ['ci'], {});
  if (!isNewer(client, installed) || !isNewer(client, inFolder('prisma/schema.prisma'))) {
    // Making a client needs no engine, but the command would download one; it takes a file that is there for it.
    run('npx', ['--no-install', 'prisma', 'generate'], {
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    });
  }
}

function isNewer(file, than) {
  return existsSync(file) && statSync(file).mtimeMs >= statSync(than).mtimeMs;
}

function run(command, args, environment) {
  execFileSync(command, args, {
    cwd: here,
    env: { ...process.env, ...environment },
    // What they print is progress, and goes where that goes.
    stdio: ['inherit', process.stderr, 'inherit'],
    shell: process.platform === 'win32',
  });
}
