import type { Scope } from '@typescript-eslint/utils/ts-eslint';

/** Whether a reference stands in a type; parsers other than typescript-eslint's have none of those. */
export function isTypeReference(reference: Scope.Reference): boolean {
  return 'isTypeReference' in reference && reference.isTypeReference;
}
