import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatResult } from './conductor/format-result.js';
import { FAULTS } from './conductor/faults.js';
import { runTorture, type TortureOptions } from './conductor/run-torture.js';
import { describeMachine, renderReliabilityPage } from './report/reliability-page.js';
import { OPERATIONS } from './worker/operations.js';

const PAGE = fileURLToPath(new URL('../../../docs/reliability.md', import.meta.url));

const USAGE = `npm run torture -- [options]

  --seconds N        how long faults are injected (60)
  --seed N           repeats the random choices of a run (1)
  --workers N        worker processes (4)
  --loops N          operations at a time in each process (12)
  --connections N    connections of each process (6)
  --think MS         longest think time inside a transaction (300)
  --adapter NAME     justscale, or naive: the adapter that must fail (justscale)
  --delivery MODE    of signals: after-commit or in-transaction (after-commit)
  --operations LIST  comma-separated: ${OPERATIONS.map(({ name }) => name).join(', ')} (all)
  --faults LIST      comma-separated: ${FAULTS.map(({ name }) => name).join(', ')} (all); 'none' for none
  --json             the result as JSON
  --write-docs       also writes docs/reliability.md

Exits with 1 when there is an anomaly or a defect.`;

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`--${name} must be a whole number of at least 1, not ${text}`);
  return value;
}

function oneOf<T extends string>(name: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined)
    throw new Error(`--${name} must be one of ${choices.join(', ')}, not ${text}`);
  return choice;
}

function listOf(
  option: string,
  text: string | undefined,
  choices: readonly { readonly name: string }[],
): string[] | undefined {
  const names = choices.map(({ name }) => name);
  return text?.split(',').map((name) => oneOf(option, name.trim(), names));
}

function parseOptions(): { options: TortureOptions; json: boolean; writeDocs: boolean } {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
      workers: { type: 'string', default: '4' },
      loops: { type: 'string', default: '12' },
      connections: { type: 'string', default: '6' },
      think: { type: 'string', default: '300' },
      adapter: { type: 'string', default: 'justscale' },
      delivery: { type: 'string', default: 'after-commit' },
      operations: { type: 'string' },
      faults: { type: 'string' },
      json: { type: 'boolean', default: false },
      'write-docs': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const faults = values.faults === 'none' ? [] : listOf('faults', values.faults, FAULTS);
  const operations = listOf('operations', values.operations, OPERATIONS);
  return {
    json: values.json,
    writeDocs: values['write-docs'],
    options: {
      seconds: whole('seconds', values.seconds),
      seed: whole('seed', values.seed),
      processes: whole('workers', values.workers),
      loops: whole('loops', values.loops),
      maxConnections: whole('connections', values.connections),
      thinkMs: whole('think', values.think),
      adapter: oneOf('adapter', values.adapter, ['justscale', 'naive']),
      delivery: oneOf('delivery', values.delivery, ['after-commit', 'in-transaction']),
      ...(operations === undefined ? {} : { operations }),
      ...(faults === undefined ? {} : { faults }),
    },
  };
}

try {
  const { options, json, writeDocs } = parseOptions();
  const result = await runTorture({
    ...options,
    onProgress: (second) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${second} of ${options.seconds} s `);
      else if (second % 30 === 0) process.stderr.write(`${second} of ${options.seconds} s\n`);
    },
  });
  if (process.stderr.isTTY) process.stderr.write('\r');
  if (writeDocs) {
    const command = `npm run torture -- ${process.argv.slice(2).join(' ')}`;
    const page = { command, machine: describeMachine(), server: result.server };
    await writeFile(PAGE, renderReliabilityPage(result, page));
  }
  console.log(json ? JSON.stringify(result, null, 2) : formatResult(result));
  process.exitCode = result.anomalies.length + result.defects.length === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
