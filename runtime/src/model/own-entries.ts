import { shownReason } from '../errors/shown.js';

/**
 * The own properties of what a caller handed in, each read once; or what is wrong with it, as the end of a sentence: it is no
 * object, or reading it threw.
 */
export function ownEntries(source: unknown): readonly [string, unknown][] | string {
  if (typeof source !== 'object' || source === null) return 'must be an object';
  try {
    return Object.entries(source);
  } catch (error) {
    return `cannot be read: ${shownReason(error)}`;
  }
}
