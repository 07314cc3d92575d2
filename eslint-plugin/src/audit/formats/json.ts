import type { Audit } from '../model/audit.js';

/** The whole audit as JSON. */
export function toJson(audit: Audit): string {
  return `${JSON.stringify(audit, undefined, 2)}\n`;
}
