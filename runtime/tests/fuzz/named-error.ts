import { inspect } from 'node:util';
import { JustScaleError } from '@justscale/runtime';

/** The longest text of an error: whoever logs it must not log a megabyte of the attacker's. */
const LONGEST_MESSAGE = 20_000;

/** How a call ended. */
export type Ending = { readonly value: unknown } | { readonly error: JustScaleError };

/** Ends a call in its result or a named error; throws when it ends in anything else. */
export function ending(call: () => unknown): Ending {
  try {
    return { value: call() };
  } catch (error) {
    return { error: assertNamed(error) };
  }
}

/** The same of a call that returns a promise. */
export async function endingOf(call: () => Promise<unknown>): Promise<Ending> {
  try {
    return { value: await call() };
  } catch (error) {
    return { error: assertNamed(error) };
  }
}

/** Whether an error is one of the runtime's, and says no more than it should. */
export function assertNamed(error: unknown): JustScaleError {
  if (!(error instanceof JustScaleError)) {
    throw new Error(`it ended in ${inspect(error, { depth: 1, maxStringLength: 200 })}`, {
      cause: error,
    });
  }
  if (error.message.length > LONGEST_MESSAGE)
    throw new Error(`the message of ${error.name} has ${error.message.length} characters`);
  return error;
}

/** Fails when an error, with everything in it and behind it, shows a secret. */
export function assertNoSecret(error: Error, secrets: readonly string[]): void {
  const shown = `${inspect(error, { depth: 8, showHidden: true, maxStringLength: null })}${String(error.stack)}`;
  for (const secret of secrets) {
    if (shown.includes(secret)) throw new Error(`${error.name} shows a secret`);
  }
}
