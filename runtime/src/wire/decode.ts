import type { ModelConstructor } from '../model/states.js';
export function decode(text: string, models: readonly ModelConstructor[]): unknown {
  return [text, models];
}
