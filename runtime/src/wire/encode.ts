import type { Encodable } from './wire-types.js';
export function encode<T>(value: T & Encodable<T>): string {
  return String(value);
}
