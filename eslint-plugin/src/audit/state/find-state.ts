import type { Finding } from '../model/finding.js';
import type { StateEntry } from '../model/state-entry.js';
import type { AuditedProgram } from '../program/audited-program.js';
import { findAccesses } from './find-accesses.js';
import { findSchedules } from './find-schedules.js';

/** Everything of a program that a second process would not see, or would do again. */
export function findState(
  program: AuditedProgram,
  findings: readonly Finding[],
): readonly StateEntry[] {
  const kept = findings
    .filter(({ kind }) => kind === 'state')
    .map(({ message, location }): StateEntry => {
      const [, name = location.snippet] = /^`([^`]+)`|field `([^`]+)`/.exec(message) ?? [];
      return {
        kind: kindOf(message),
        name,
        place: location,
        message,
        ...findAccesses(program, location),
      };
    });
  return [...kept, ...findSchedules(program)];
}

function kindOf(message: string): StateEntry['kind'] {
  if (/in-process cache|remembers results/.test(message)) return 'cache';
  if (message.includes('keeps what it counts')) return 'memory store';
  return message.includes('lets in one at a time') ? 'lock' : 'state';
}
