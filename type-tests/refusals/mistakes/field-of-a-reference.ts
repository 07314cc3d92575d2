// A field read from a reference.
import { Account } from '../../test-d/domain.js';

export function mistake(): number {
  return Account.ref('a1').balance;
}
