import type ts from 'typescript';
import { getFunctions } from '../../program/callee.js';
import { getImportOrigin } from '../../program/value-origin.js';
import { describeCode } from '../../report/source-places.js';
import type { StateEntry } from '../model/state-entry.js';
import type { AuditedProgram } from '../program/audited-program.js';
import { placeOf } from '../program/place-of.js';
import { createWriteFinder, type WriteFinder } from './writes-within.js';

/** What runs a callback at certain times in every process that asks for it. */
const SCHEDULERS: ReadonlySet<string> = new Set([
  'node-cron',
  'cron',
  'croner',
  'node-schedule',
  'toad-scheduler',
  'cron-async',
]);

/** What makes a queue whose jobs are in the memory of the process. */
const MEMORY_QUEUES: ReadonlySet<string> = new Set(['fastq', 'better-queue', 'queue', 'd3-queue']);

/** What hands every message to every process that listens. */
const BROADCASTERS: ReadonlySet<string> = new Set(['ioredis', 'redis', 'pg', 'postgres', 'nats']);

const DECORATORS = /^(?:Cron|Interval)$/;

/** What would run again in a second process: schedules, timers that write, and listeners that every process has. */
export function findSchedules(program: AuditedProgram): readonly StateEntry[] {
  const { ts } = program.context;
  const found: StateEntry[] = [];
  const writes = createWriteFinder(program);
  const visit = (node: ts.Node): void => {
    const entry =
      ts.isCallExpression(node) || ts.isNewExpression(node)
        ? fromCall(program, writes, node)
        : ts.isDecorator(node)
          ? fromDecorator(program, writes, node)
          : null;
    if (entry) found.push(entry);
    ts.forEachChild(node, visit);
  };
  for (const file of program.files) if (MAY_SCHEDULE.test(file.text)) visit(file);
  return found;
}

/** Text without which a file schedules nothing. */
const MAY_SCHEDULE =
  /setInterval|cron|Cron|schedule|@Interval|fastq|better-queue|'queue'|\.subscribe\(|\.on\(|\.listen\(/;

function fromCall(
  program: AuditedProgram,
  writes: WriteFinder,
  node: ts.CallExpression | ts.NewExpression,
): StateEntry | null {
  const { context } = program;
  const { ts } = context;
  const callee = node.expression;
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
  const callbacks = (node.arguments ?? []).flatMap((argument) =>
    ts.isFunctionLike(argument)
      ? [argument]
      : ts.isIdentifier(argument)
        ? getFunctions(context, argument)
        : [],
  );
  if (callbacks.length === 0) return null;
  const writers = callbacks.flatMap((callback) => writes(callback));
  const entry = { name: describeCode(node), place: placeOf(program, node), writers, readers: [] };
  if (name === 'setInterval') {
    return writers.length === 0
      ? null
      : {
          kind: 'schedule',
          message: 'Every process has this timer, and writes each time.',
          ...entry,
        };
  }
  const origin = getImportOrigin(context, callee)?.module ?? '';
  if (SCHEDULERS.has(origin)) {
    return { kind: 'schedule', message: 'Every process runs this at the same times.', ...entry };
  }
  if (MEMORY_QUEUES.has(origin)) {
    return {
      kind: 'listener',
      message:
        'Its jobs are in the memory of this process: they are lost with it, and no other takes them.',
      ...entry,
    };
  }
  const isListening = /^(?:subscribe|pSubscribe|psubscribe|on|listen)$/.test(name);
  if (!isListening || !BROADCASTERS.has(origin) || writers.length === 0) return null;
  return {
    kind: 'listener',
    message: 'Every process gets the same message, and writes.',
    ...entry,
  };
}

function fromDecorator(
  program: AuditedProgram,
  writes: WriteFinder,
  node: ts.Decorator,
): StateEntry | null {
  const { ts } = program.context;
  const { expression, parent } = node;
  if (!ts.isCallExpression(expression) || !ts.isMethodDeclaration(parent)) return null;
  if (!DECORATORS.test(expression.expression.getText())) return null;
  if (getImportOrigin(program.context, expression.expression)?.module !== '@nestjs/schedule') {
    return null;
  }
  return {
    kind: 'schedule',
    name: `${describeCode(expression)} ${parent.name.getText()}`,
    place: placeOf(program, node),
    message: 'Every process runs this at the same times.',
    writers: writes(parent),
    readers: [],
  };
}
