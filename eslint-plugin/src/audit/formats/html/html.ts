import type { Audit } from '../../model/audit.js';
export function toHtml(audit: Audit): string {
  return JSON.stringify(audit.summary);
}
