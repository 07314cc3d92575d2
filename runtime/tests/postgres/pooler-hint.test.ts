import { expect, test } from 'vitest';
import { statementError } from '#src/postgres/postgres-errors.js';

test('a prepared statement that is gone, as behind a pooler, names the mend', () => {
  const gone = { code: '26000', message: 'prepared statement "s1" does not exist' };
  expect(statementError(gone, { name: 'account' }).message).toContain('prepare: false');
});
