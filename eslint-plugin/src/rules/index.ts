import type { JustscaleRule } from '../create-rule.js';

/** Every rule by its name. A test asserts that this is the set of files in this folder. */
export const rules = {} satisfies Record<string, JustscaleRule>;
