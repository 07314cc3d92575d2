import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { x } from 'tinyexec';

const BIN = fileURLToPath(new URL('../../dist/cli/justscale.js', import.meta.url));

const folders: string[] = [];

/** A folder with files in it, which {@link removeProjects} removes. */
export function createProject(files: Readonly<Record<string, string>> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'audited-')));
  folders.push(folder);
  writeFiles(folder, files);
  return folder;
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

export function removeProjects(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

export function git(folder: string, ...args: readonly string[]): void {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];
  execFileSync('git', ['-C', folder, ...who, ...args], { stdio: 'pipe' });
}

export interface Run {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a user does. */
export async function justscale(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const { exitCode, stdout, stderr } = await x(process.execPath, [BIN, ...args], {
    nodeOptions: { cwd: folder, env },
  });
  return { exitCode, stdout, stderr };
}

/** A service on Prisma that is not installed, with one write of each verdict that needs no lock. */
export const SHOP: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ name: 'shop', dependencies: { '@prisma/client': '^6.0.0' } }),
  'prisma/schema.prisma': `
    model Item {
      id    String @id
      stock Int
      state String
      code  String @unique
    }
  `,
  'src/items.ts': `import { PrismaClient } from '@prisma/client';

const prisma = new PrismaClient();

export async function sell(id: string) {
  const item = await prisma.item.findUniqueOrThrow({ where: { id } });
  await prisma.item.update({ where: { id }, data: { stock: item.stock - 1 } });
}

export async function restock(id: string, amount: number) {
  await prisma.item.update({ where: { id }, data: { stock: { increment: amount } } });
}

export async function close(id: string) {
  await prisma.item.updateMany({ where: { id, state: 'open' }, data: { state: 'closed' } });
}

export async function add(code: string) {
  await prisma.item.create({ data: { id: code, code, stock: 0, state: 'open' } });
}
`,
};
