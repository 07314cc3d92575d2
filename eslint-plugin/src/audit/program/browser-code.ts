import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type ts from 'typescript';
import type { AuditedProgram } from './audited-program.js';

const IN_BROWSERS = ['react-dom', 'react-native', 'vue', 'svelte', 'preact', '@angular/core'];

/** Frameworks and servers whose packages run on a server as well. */
const ON_SERVERS =
  /^(?:next|nuxt|astro|express|fastify|koa|hono|elysia|@nestjs\/core|@sveltejs\/kit|@remix-run\/.+|@react-router\/(?:node|serve)|@tanstack\/react-start|pg|postgres|mysql2|@prisma\/client|drizzle-orm|kysely|typeorm|sequelize|knex|mongoose)$/;

/** Whether a file runs in browsers only, each of which is a process of its own anyway. */
export function isBrowserCode({ folder }: AuditedProgram, file: ts.SourceFile): boolean {
  if (/\.[jt]sx$/.test(file.fileName) || /^\s*['"]use client['"]/.test(file.text)) return true;
  const dependencies = dependenciesAbove(dirname(file.fileName), folder);
  return (
    dependencies.some((name) => IN_BROWSERS.includes(name)) &&
    !dependencies.some((name) => ON_SERVERS.test(name))
  );
}

/** The dependencies of the package that a folder belongs to. */
function dependenciesAbove(from: string, root: string): readonly string[] {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (existsSync(path)) return readDependencies(path);
    if (folder === root || dirname(folder) === folder) return [];
  }
}

function readDependencies(path: string): readonly string[] {
  try {
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, object | undefined>;
    return Object.keys({ ...manifest['dependencies'], ...manifest['devDependencies'] });
  } catch {
    // A file that is no JSON says nothing of its package.
    return [];
  }
}
