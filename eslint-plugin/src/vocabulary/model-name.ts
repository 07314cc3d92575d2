import type { Model } from './effect.js';

/** The model's own name, as a message gives it: `Account` of `justscale:Account#12`. */
export function getModelName(model: Model): string | null {
  if (model === null) return null;
  const [, name = model] = /^[^:]*:([^#]*)/.exec(model) ?? [];
  return name;
}

/** Whether a model is a table of a library other than our runtime, which makes nobody lock. */
export function isForeign(model: Model): boolean {
  return model !== null && !model.startsWith('justscale:');
}
