import { writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { AuditError } from '../audit/model/audit-error.js';
import { compareWith, readBaseline } from '../audit/compare/baseline.js';
import { auditRevision } from '../audit/compare/revision.js';
import { toHtml } from '../audit/formats/html/html.js';
import { toJson } from '../audit/formats/json.js';
import { toSarif } from '../audit/formats/sarif.js';
import { toText } from '../audit/formats/text.js';
import type { Audit } from '../audit/model/audit.js';
import { onlyKinds, parseKinds } from '../audit/only-kinds.js';
import { runAudit } from '../audit/run-audit.js';
import { TypeScriptMissingError } from '../typescript-missing-error.js';
import { createPaint } from './paint.js';
import { createProgressLine } from './progress.js';

const FORMATS = ['text', 'json', 'sarif', 'html'] as const;

interface AuditOptions {
  readonly format: (typeof FORMATS)[number];
  readonly output?: string;
  readonly since?: string;
  readonly baseline?: string;
  readonly only?: string;
}

/** `justscale audit`: what in a program a second process would break. */
export function createAuditCommand(): Command {
  return new Command('audit')
    .description(
      'Finds what a second process would break: every write of a database with its verdict, races, state of this process,\n' +
        'and the order of locks. It needs no eslint config, and nothing of what it audits has to be installed.',
    )
    .argument('[folders...]', 'what to audit, each as one program', ['.'])
    .addOption(new Option('--format <format>', 'how to say it').choices(FORMATS).default('text'))
    .option('--output <file>', 'where to write it; standard output without this')
    .addOption(
      new Option(
        '--since <ref>',
        'report only what was introduced since a revision of git',
      ).conflicts('baseline'),
    )
    .option('--baseline <file>', 'report only what is not in the JSON or SARIF of an earlier audit')
    .option(
      '--only <kinds>',
      'some kinds, with commas between: writes, races, state, lock-order, or names of rules',
    )
    .addHelpText(
      'after',
      '\nExit code: 0 when nothing is found; 1 for findings; 2 when the audit could not run.',
    )
    .configureHelp({ helpWidth: 120 })
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, '')) })
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .action((folders: readonly string[], options: AuditOptions) => audit(folders, options));
}

function audit(folders: readonly string[], options: AuditOptions): void {
  const progress = createProgressLine(process.stderr);
  try {
    const missing = TypeScriptMissingError.find();
    if (missing) throw missing;
    const kinds = options.only === undefined ? null : parseKinds(options.only);
    const baseline = options.baseline === undefined ? null : readBaseline(options.baseline);
    const { since } = options;
    // It comes first, as it is what may not be there.
    const before =
      since === undefined
        ? null
        : auditRevision(folders, since, (earlier) =>
            runAudit(earlier, progress.show, { allowEmpty: true }),
          );
    const only = (found: Audit): Audit => (kinds ? onlyKinds(found, kinds) : found);
    const found = only(runAudit(folders, progress.show));
    const compared = before
      ? compareWith(found, only(before).findings, since ?? '')
      : baseline
        ? compareWith(found, baseline, options.baseline ?? '')
        : found;
    progress.end();
    write(format(compared, options), options.output);
    process.exitCode = compared.findings.length === 0 ? 0 : 1;
  } catch (error) {
    progress.end();
    if (!(error instanceof AuditError || error instanceof TypeScriptMissingError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}

function format(found: Audit, { format: wanted, output }: AuditOptions): string {
  switch (wanted) {
    case 'json':
      return toJson(found);
    case 'sarif':
      return toSarif(found);
    case 'html':
      return toHtml(found);
    default:
      return toText(found, createPaint(output === undefined && process.stdout.isTTY));
  }
}

function write(text: string, output: string | undefined): void {
  if (output === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(output, text);
  } catch (error) {
    throw new AuditError(
      'OUTPUT_UNWRITABLE',
      `${output} cannot be written: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}
