import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { x } from 'tinyexec';
import plugin from '@justscale/eslint-plugin';

const shown = `import { defineConfig } from 'eslint/config';
import justscale from '@justscale/eslint-plugin';
export default defineConfig(justscale.configs.recommended, {
  files: ['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}'],
  languageOptions: { parserOptions: { projectService: true } },
});
`;
const config = (name: string): string => `import { defineConfig } from 'eslint/config';
import justscale from '@justscale/eslint-plugin';
export default defineConfig(justscale.configs.${name});
`;
const tsconfig = JSON.stringify({
  compilerOptions: {
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    jsx: 'preserve',
    types: [],
  },
  include: ['src'],
});
const forged = `import { defineModel, type Locked } from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { z } from 'zod';
class Account extends defineModel('account', z.object({ balance: z.number() })) {}
const accounts = memoryStore().repository(Account);
export async function reset(id: string) {
  const seen = await accounts.get(Account.ref(id));
  await accounts.update(seen as unknown as Locked<Account>, { balance: 0 });
}
`;
const server = `const { Pool } = require('pg');
const cache = new Map();
exports.user = async (id) => {
  if (!cache.has(id)) cache.set(id, await new Pool().query('select $1', [id]));
  return cache.get(id);
};
`;
const esModule = { 'package.json': '{ "type": "module" }' };
const commonjs = { 'package.json': '{ "name": "x", "version": "1.0.0", "type": "commonjs" }' };

let root: string;

/** The packages are installed once, above the folders of all projects. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'justscale-set-up-'));
  const tarballs: string[] = [];
  for (const name of ['eslint-plugin', 'runtime']) {
    const { stdout } = await x('npm', ['pack', '--silent', '--pack-destination', root], {
      nodeOptions: { cwd: resolve(import.meta.dirname, '../..', name) },
      throwOnError: true,
    });
    tarballs.push(join(root, stdout.trim()));
  }
  await writeFile(join(root, 'package.json'), '{ "private": true }');
  await install(...tarballs, 'eslint@10', 'typescript@~6.0.3', 'oxlint', 'zod@4');
}, 240_000);

afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

async function install(...packages: string[]): Promise<void> {
  await x('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...packages], {
    nodeOptions: { cwd: root },
    throwOnError: true,
  });
}

async function createProject(name: string, files: Readonly<Record<string, string>>) {
  const folder = join(root, name);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return async (command: string, ...args: string[]) => {
    const { stdout, stderr, exitCode } = await x(command, args, {
      nodeOptions: {
        cwd: folder,
        env: { PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}` },
      },
    });
    return { output: stdout + stderr, exitCode };
  };
}

const count = (output: string, part: string): number => output.split(part).length - 1;

describe('with TypeScript 6', { timeout: 120_000 }, () => {
  it('lints a CommonJS package by the config of the README', async () => {
    const run = await createProject('commonjs', {
      ...commonjs,
      'eslint.config.mjs': config('syntactic'),
      'server.js': server,
    });
    const { output, exitCode } = await run('eslint', '.');
    expect(output).toContain('@justscale/no-module-state');
    expect(output).toContain('@justscale/no-raw-client-import');
    expect(exitCode).toBe(1);
  });

  it('gives the plugin to `require` and to `import`', async () => {
    const run = await createProject('require', {
      ...commonjs,
      'eslint.config.js': `const { defineConfig } = require('eslint/config');
const justscale = require('@justscale/eslint-plugin');
module.exports = defineConfig(justscale.configs.syntactic);
`,
      'server.js': server,
      'same.cjs': `const required = require('@justscale/eslint-plugin');
import('@justscale/eslint-plugin').then((imported) => {
  console.log(imported.default === required, Object.keys(required.rules).length);
});
`,
    });
    expect((await run('eslint', 'server.js')).output).toContain('@justscale/no-module-state');
    expect((await run('node', 'same.cjs')).output).toBe(
      `true ${Object.keys(plugin.rules).length}\n`,
    );
  });

  it('reads every ending of TypeScript, and files that no tsconfig.json includes, by the config of the README', async () => {
    const run = await createProject('endings', {
      ...esModule,
      'eslint.config.mjs': shown,
      'tsconfig.json': tsconfig,
      'src/account.ts': forged,
      'src/page.tsx': `${forged}export const Page = () => <p />;\n`,
      'src/module.mts': forged,
      'src/common.cts': 'export const one = 1;\n',
      'vitest.config.ts': 'export default { test: {} };\n',
      'scripts/reset.ts': forged,
    });
    const { output, exitCode } = await run('eslint', '.');
    expect(count(output, '@justscale/no-forged-lock')).toBe(4);
    expect(output).toContain('✖ 4 problems (4 errors, 0 warnings)');
    expect(exitCode).toBe(1);
  });

  it('names the ending of the file whose types are missing', async () => {
    const run = await createProject('ending', {
      ...esModule,
      'eslint.config.mjs': shown.replace('{ts,tsx,mts,cts,js,jsx,mjs,cjs}', 'ts'),
      'tsconfig.json': tsconfig,
      'src/page.tsx': 'export const Page = () => null;\n',
    });
    const { output, exitCode } = await run('eslint', '.');
    expect(output).toContain("files: ['**/*.tsx']");
    expect(exitCode).toBe(2);
  });

  it('says once that the rules that ask types lint nothing in a JavaScript project, and runs the others', async () => {
    const run = await createProject('javascript', {
      ...commonjs,
      'eslint.config.mjs': config('recommended'),
      'server.js': server,
      'other.js': server,
    });
    const { output } = await run('eslint', '.');
    expect(count(output, 'lint nothing here')).toBe(1);
    expect(output).toContain('justscale.configs.syntactic');
    expect(count(output, '@justscale/no-module-state')).toBe(2);
    const typed = await createProject('javascript-beside-typescript', {
      ...esModule,
      'eslint.config.mjs': shown,
      'tsconfig.json': tsconfig,
      'src/one.ts': 'export const one = 1;\n',
    });
    expect(await typed('eslint', '.')).toEqual({ output: '', exitCode: 0 });
  });

  it('reads the types in the comments of JavaScript that a tsconfig.json includes', async () => {
    const run = await createProject('javascript-with-types', {
      ...esModule,
      'eslint.config.mjs': shown,
      'tsconfig.json': tsconfig.replace('"strict":true', '"strict":true,"allowJs":true'),
      'src/account.ts': `${forged}export { Account, accounts };\n`,
      'src/close.js': `import { Account, accounts } from './account.js';
/** @param {string} id */
export async function close(id) {
  /** @type {any} */
  const seen = await accounts.get(Account.ref(id));
  await accounts.delete(seen);
}
`,
      'src/empty.js': `/** @import { Locked } from '@justscale/runtime' */
import { Account, accounts } from './account.js';
/**
 * @param {unknown} value
 * @returns {value is Locked<Account>}
 */
const isHeld = (value) => value !== null;
/** @param {string} id */
export async function empty(id) {
  /** @type {unknown} */
  const seen = await accounts.get(Account.ref(id));
  if (isHeld(seen)) await accounts.update(seen, { balance: 0 });
}
`,
      'scripts/close.js': `import { accounts } from '../src/account.js';
accounts.delete(JSON.parse('{}'));
`,
    });
    const { output, exitCode } = await run('eslint', '.');
    expect(output).toMatch(/src\/close\.js\n\s+6:\d+\s+error [^\n]*\n?[^\n]*no-forged-lock/);
    expect(output).toMatch(/src\/empty\.js\n\s+12:\d+\s+error [^\n]*\n?[^\n]*no-forged-lock/);
    expect(output).toContain('✖ 3 problems (3 errors, 0 warnings)');
    expect(exitCode).toBe(1);
  });

  it('says that oxlint has no types, and which rules run there', async () => {
    const run = await createProject('oxlint', {
      ...commonjs,
      '.oxlintrc.json': JSON.stringify({
        jsPlugins: [{ name: '@justscale', specifier: '@justscale/eslint-plugin' }],
        rules: { '@justscale/no-forged-lock': 'error' },
      }),
      'server.js': server,
    });
    const { output } = await run('oxlint', 'server.js');
    expect(output).toContain('which oxlint does not give to JS plugins');
    expect(output).toMatch(/`no-module-state` and\s+`no-raw-client-import`/);
    expect(output).not.toContain('eslint.config');
  });
});

describe('with TypeScript 7 alone', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    await install('typescript@~7.0.2');
  }, 240_000);

  it('lints JavaScript by `syntactic` without a TypeScript parser', async () => {
    const run = await createProject('seven', {
      ...esModule,
      'eslint.config.mjs': `${config('syntactic')}
import { createRequire } from 'node:module';
const { cache } = createRequire(import.meta.url);
process.on('exit', () => {
  console.log('parsers:', Object.keys(cache).filter((file) => /typescript-estree|typescript.lib/.test(file)).length);
});
`,
      'server.js': 'export const cache = new Map(); export const put = (k) => cache.set(k, 1);\n',
      'view.jsx': 'export const View = () => <p />;\n',
    });
    const { output, exitCode } = await run('eslint', '.');
    expect(output).toContain('@justscale/no-module-state');
    expect(output).toContain('✖ 1 problem');
    expect(output).toContain('parsers: 0');
    expect(exitCode).toBe(1);
  });

  it('says once what to install for TypeScript files', async () => {
    const run = await createProject('seven-typed', {
      ...esModule,
      'eslint.config.mjs': shown,
      'tsconfig.json': tsconfig,
      'src/account.ts': forged,
      'src/other.ts': forged,
    });
    const { output, exitCode } = await run('eslint', '.');
    expect(count(output, 'npm install --save-dev typescript@6 typescript7@npm:')).toBe(1);
    expect(output).not.toContain('typescript-eslint does not support');
    expect(exitCode).toBe(2);
  });
});
