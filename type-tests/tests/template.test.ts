import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../..', import.meta.url));
const template = fileURLToPath(new URL('../template', import.meta.url));

let project: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'template-'));
  await cp(template, project, { recursive: true });
  const { stdout } = await run(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--workspace', 'runtime', '--pack-destination', project],
    { cwd: repository },
  );
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  const installed = await npm(
    'install',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    `./${filename}`,
  );
  if (installed.code !== 0) throw new Error(installed.output);
}, 180_000);

afterAll(async () => {
  await rm(project, { recursive: true });
});

test('installed from the packed runtime, its type tests pass', { timeout: 180_000 }, async () => {
  await expect(npm('run', 'test:types')).resolves.toMatchObject({ code: 0 });
});

test(
  'they fail, and name the line, once a method forgets the lock',
  { timeout: 180_000 },
  async () => {
    const domain = join(project, 'src/domain.ts');
    const source = await readFile(domain, 'utf8');
    await writeFile(domain, source.replace('payment(this: Locked<Order>)', 'payment()'));

    const { code, output } = await npm('run', 'test:types');

    expect(code).not.toBe(0);
    expect(output).toMatch(/domain\.test-d\.ts[\s\S]*14:0 +Expected an error, but found none/);
  },
);

async function npm(...args: string[]): Promise<{ code: number; output: string }> {
  try {
    const { stdout, stderr } = await run('npm', args, {
      cwd: project,
      env: { ...process.env, NO_COLOR: '1' },
    });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    if (typeof code !== 'number') throw error;
    return { code, output: stdout + stderr };
  }
}
