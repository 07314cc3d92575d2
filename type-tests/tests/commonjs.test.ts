import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { compilers, type CompilerName } from '@justscale/type-tests/compilers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../..', import.meta.url));
const template = fileURLToPath(new URL('../commonjs/template', import.meta.url));
const database = useDatabase(
  'create table account (id text primary key, owner text not null, balance integer not null)',
);

/** A project as `nest new` makes it: CommonJS, decorators, and Jest with ts-jest; the runtime is installed from its package. */
let project: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'commonjs-'));
  await cp(template, project, { recursive: true });
  const { stdout } = await run(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--workspace', 'runtime', '--pack-destination', project],
    { cwd: repository },
  );
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  await inProject(
    'npm',
    ...['install', '--no-audit', '--no-fund', '--prefer-offline', `./${filename}`],
  );
}, 300_000);

afterAll(async () => {
  await rm(project, { recursive: true });
});

describe('a Nest application', { timeout: 120_000 }, () => {
  test('compiles and runs', async () => {
    await inProject('npm', 'run', 'build');

    await expect(inProject('node', 'dist/main.js')).resolves.toBe('30\n');
  });

  test.each([
    ['memory', () => ({})],
    ['Postgres', () => ({ DATABASE_URL: database.url })],
  ])('is tested with ts-jest, without any setting of its own, on %s', async (_, env) => {
    await expect(inProjectWith(env(), 'npx', 'jest')).resolves.toBe('');
  });
});

test('require and import give the same classes', async () => {
  const script = `
    const entries = ['', '/adapter', '/memory', '/postgres', '/testing'];
    Promise.all(entries.map((entry) => import('@justscale/runtime' + entry))).then((modules) => {
      const same = entries.map((entry, at) => {
        const required = require('@justscale/runtime' + entry);
        return Object.keys(required).every((name) => required[name] === modules[at][name]);
      });
      console.log(same.join());
    });`;
  await writeFile(join(project, 'same.js'), script);

  await expect(inProject('node', 'same.js')).resolves.toBe('true,true,true,true,true\n');
});

const configs = [
  ['node16', ['5.9', '6.0', '7.0']],
  ['nodenext-libraries-checked', ['7.0']],
  ['node10', ['5.9']],
  ['node10-deprecated', ['6.0']],
] as const;

describe.each(configs)('with the resolution %s', (resolution, names: readonly CompilerName[]) => {
  const knowing = compilers.filter(({ name }) => names.includes(name));

  test.each(knowing)('TypeScript $name finds the types of every entry', async ({ check }) => {
    const { diagnostics } = await check(join(project, `resolutions/tsconfig.${resolution}.json`));

    expect(diagnostics).toEqual([]);
  });
});

async function inProject(command: string, ...args: readonly string[]): Promise<string> {
  return inProjectWith({}, command, ...args);
}

/** What a command prints to standard output; it throws with all that it prints when the command fails. */
async function inProjectWith(
  env: Readonly<Record<string, string>>,
  command: string,
  ...args: readonly string[]
): Promise<string> {
  try {
    const { stdout } = await run(command, args, { cwd: project, env: { ...process.env, ...env } });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')}: ${stdout}${stderr}`, { cause: error });
  }
}
