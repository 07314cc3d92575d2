import { cp, mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { x } from 'tinyexec';

const pluginFolder = resolve(import.meta.dirname, '..');
const config = (name: string, more = ''): string => `import { defineConfig } from 'eslint/config';
import justscale from '@justscale/eslint-plugin';
export default defineConfig(justscale.configs.${name}${more});
`;
const typed = `, {
  files: ['**/*.ts'],
  languageOptions: { parserOptions: { projectService: true } },
}`;

const VERSIONS: readonly (readonly [string, readonly string[]])[] = [
  ['ESLint 9', ['eslint@9', 'typescript@~6.0.3']],
  [
    'ESLint 10, TypeScript 7 beside 6',
    ['eslint@10', 'typescript@~6.0.3', 'typescript7@npm:typescript@~7.0.2', 'oxlint'],
  ],
];

let folder: string;
let tarball: string;
const projects = new Map<string, string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'justscale-installed-'));
  const packed = await x('npm', ['pack', '--silent', '--pack-destination', folder], {
    nodeOptions: { cwd: pluginFolder },
    throwOnError: true,
  });
  tarball = join(folder, packed.stdout.trim());
  for (const [name, dependencies] of VERSIONS)
    projects.set(name, await createProject(name.replaceAll(/\W+/g, '-'), dependencies));
}, 480_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A project as a user has it: the packed plugin and what the README says beside it. */
async function createProject(name: string, dependencies: readonly string[]): Promise<string> {
  const project = join(folder, name);
  await mkdir(join(project, 'src'), { recursive: true });
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  await writeFile(
    join(project, 'tsconfig.json'),
    '{ "compilerOptions": { "strict": true, "module": "nodenext", "noEmit": true, "types": [] }, "include": ["src"] }',
  );
  await writeFile(
    join(project, 'src/rooms.ts'),
    'const rooms = new Map<string, number>();\n\nexport function open(id: string) {\n  rooms.set(id, 1);\n}\n',
  );
  await x('npm', ['install', '--no-audit', '--no-fund', tarball, ...dependencies], {
    nodeOptions: { cwd: project },
    throwOnError: true,
  });
  return project;
}

async function run(project: string, command: string, ...args: string[]) {
  const { stdout, stderr, exitCode } = await x(command, args, { nodeOptions: { cwd: project } });
  return { output: stdout + stderr, exitCode };
}

describe.each(VERSIONS)('%s', (name, dependencies) => {
  let project: string;

  beforeAll(() => {
    project = projects.get(name) ?? '';
  });

  it('reports by the first config of the README', { timeout: 120_000 }, async () => {
    await writeFile(join(project, 'eslint.config.js'), config('syntactic'));
    const { output, exitCode } = await run(project, 'eslint', '.');
    expect(output).toMatch(/1:7 .*`rooms` is one per process.*@justscale\/no-module-state/);
    expect(exitCode).toBe(1);
  });

  it('runs all rules with types', { timeout: 120_000 }, async () => {
    await writeFile(join(project, 'eslint.config.js'), config('recommended', typed));
    const { output, exitCode } = await run(project, 'eslint', '.');
    expect(output).toMatch(/✖ 1 problem \(1 error, 0 warnings\)/);
    expect(exitCode).toBe(1);
  });

  it('asks for types once, with the lines to add', { timeout: 120_000 }, async () => {
    await cp(join(project, 'src/rooms.ts'), join(project, 'src/more.ts'));
    await writeFile(join(project, 'eslint.config.js'), config('recommended'));
    const { output, exitCode } = await run(project, 'eslint', '.');
    await rm(join(project, 'src/more.ts'));
    expect(output.match(/this rule needs type information/g)).toHaveLength(1);
    expect(output).toContain("files: ['**/*.ts'],");
    expect(output).toContain('languageOptions: { parserOptions: { projectService: true } }');
    expect(exitCode).toBe(2);
  });

  if (!dependencies.includes('oxlint')) return;

  it('runs in oxlint and compiles with TypeScript 7', { timeout: 120_000 }, async () => {
    await writeFile(
      join(project, '.oxlintrc.json'),
      JSON.stringify({
        jsPlugins: [{ name: '@justscale', specifier: '@justscale/eslint-plugin' }],
        rules: {
          '@justscale/no-module-state': 'error',
          '@justscale/no-raw-client-import': 'error',
        },
      }),
    );
    await writeFile(
      join(project, 'src/pool.ts'),
      "import pg from 'pg';\nexport const pool = new pg.Pool();\n",
    );
    const linted = await run(project, 'oxlint', 'src');
    await rm(join(project, 'src/pool.ts'));
    expect(linted.output).toContain('`rooms` is one per process');
    expect(linted.output).toContain('`pg.Pool` of');
    expect(linted.exitCode).toBe(1);
    const compiled = await run(project, 'node', 'node_modules/typescript7/bin/tsc');
    expect(compiled).toEqual({ output: '', exitCode: 0 });
  });
});
