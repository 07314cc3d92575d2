import { expect, test } from 'vitest';
import { statementError } from '#src/postgres/postgres-errors.js';

test.each([
  ['26000', 'does not exist'],
  ['42P05', 'already exists'],
])('%s: a prepared statement that %s, as behind a pooler, names the mend', (code, what) => {
  const error = { code, message: `prepared statement "s1" ${what}` };
  expect(statementError(error, { name: 'account' }).message).toContain('prepare: false');
});
