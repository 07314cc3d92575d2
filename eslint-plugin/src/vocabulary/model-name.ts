import type { Model } from './effect.js';

/** The model's own name, as a message gives it: `Account` of `justscale:Account#12`. */
export function getModelName(model: Model): string | null {
  if (model === null) return null;
  const [, name = model] = /^[^:]*:([^#]*)/.exec(model) ?? [];
  return name;
}
