import { checkoutParser } from './parser.js';
import { ruleLevels, typescriptConfig, type SharedConfig } from './shared-config.js';

const RULES = [
  'lock-order',
  'no-floating-write',
  'no-module-state',
  'no-outer-client',
  'no-parallel-transaction-queries',
  'no-slow-work-under-lock',
  'no-stale-decision',
  'no-stale-patch',
  'no-unguarded-insert',
];

/**
 * What loses updates in code on Prisma, Drizzle, TypeORM and other libraries. It needs no types from the config: without
 * `parserOptions.projectService` the working folder is one program, installed or not.
 */
export const races: SharedConfig = typescriptConfig(
  'races',
  ruleLevels({ only: RULES }),
  checkoutParser,
);
