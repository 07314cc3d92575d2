/** Errors of the server, and of libraries for it, that ask the caller to try again. */
const TRY_AGAIN = new Set(['40001', 'P2034', 'P2025']);
/** Codes of the server, of Prisma, of the system and of Node.js: nobody chose to throw these. */
const UNEXPECTED = /^(?:[0-9A-Z]{5}|E[A-Z]+|ERR_\w+)$/;
const PROGRAMMING_ERROR = /^(?:TypeError|ReferenceError|RangeError|SyntaxError): /;

/**
 * Whether an operation that failed has refused to go on: a conflict that it has seen itself, or that the server says to try
 * again after. Where it has left nothing, this is how a correct program answers to a race.
 */
export function isRefusal(result: unknown): boolean {
  const { failed } = (result ?? {}) as { failed?: unknown };
  if (typeof failed !== 'string') return false;
  return TRY_AGAIN.has(failed) || !(UNEXPECTED.test(failed) || PROGRAMMING_ERROR.test(failed));
}
