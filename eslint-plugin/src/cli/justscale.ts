#!/usr/bin/env node
import { createRequire } from 'node:module';
import { Command } from 'commander';
import { createAuditCommand } from './audit-command.js';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

const program = new Command('justscale')
  .description('Whether a code base is ready for a second process.')
  .version(version)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .addCommand(createAuditCommand());

await program.parseAsync();
