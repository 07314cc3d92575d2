import type { WriteFact } from '../../analysis/flow/facts.js';
import type { Identity } from '../../analysis/flow/identity.js';
import type { Value } from '../../analysis/flow/value.js';
import type { AuditedProgram } from '../program/audited-program.js';
import { getCalledNames } from '../program/called-names.js';
import { getFunctionOf } from '../program/enclosing-function.js';
import type { Judgement } from './judgement.js';

/**
 * Whether what is written was handed in by callers that the analysis did not follow: they may have computed it from anything.
 * A function that nobody in the program calls is called by a framework, with what somebody asked for.
 */
export function isOfUnseenCaller(program: AuditedProgram, run: WriteFact): Judgement | null {
  const { ts } = program.context;
  const { patch, site } = run;
  if (!patch || site.path.length > 0) return null;
  for (const origin of originsOf(patch)) {
    if (!ts.isParameter(origin)) continue;
    const name = getFunctionOf(program.context, origin);
    if (name === null || !getCalledNames(program).has(name)) continue;
    return {
      verdict: 'unknown',
      because: `what is written is handed to \`${name}\` by callers that the analysis does not follow`,
    };
  }
  return null;
}

/** Where the values of a patch come from. */
function originsOf({ identity, properties }: Value): readonly Identity['origins'][number][] {
  const values = [...(properties?.values() ?? [])];
  return [identity, ...values.map((value) => value.identity)].flatMap(
    (name) => name?.origins ?? [],
  );
}
