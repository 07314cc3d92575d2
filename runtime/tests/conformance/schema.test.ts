import { conformanceSchema, type ConformanceTypes } from '@justscale/runtime/testing';
import { expect, test } from 'vitest';

const BY_KIND: ConformanceTypes = {
  id: 'ID',
  text: 'TEXT',
  integer: 'INTEGER',
  bytes: 'BYTES',
  time: 'TIME',
  decimal: 'DECIMAL',
  boolean: 'BOOLEAN',
  double: 'DOUBLE',
  texts: 'TEXTS',
  json: 'JSON',
};

test.each(['postgres', 'sqlite', 'mysql', BY_KIND] as const)(
  'a dialect has the same tables and columns as every other: %j',
  (dialect) => {
    expect(columnsOf(conformanceSchema(dialect))).toEqual({
      conformance_account: ['id', 'owner', 'balance', 'nick'],
      conformance_other_account: ['id', 'owner', 'balance', 'nick'],
      conformance_record: [
        ...['id', 'bytes', 'at', 'big', 'amount', 'is_open', 'ratio', 'remark', 'tags', 'settings'],
      ],
    });
  },
);

test('a dialect that the suite does not know says its types', () => {
  expect(conformanceSchema(BY_KIND)).toContain(
    'create table conformance_record (\n  id ID not null primary key,\n  bytes BYTES not null,',
  );
  expect(conformanceSchema(BY_KIND)).toContain('remark TEXT,');
});

function columnsOf(schema: string): Record<string, string[]> {
  const statements = schema.split(';\n').filter(Boolean);
  return Object.fromEntries(
    statements.map((statement) => {
      const [first = '', ...lines] = statement.split('\n').slice(0, -1);
      return [first.split(' ')[2] ?? '', lines.map((line) => line.trim().split(' ')[0] ?? '')];
    }),
  );
}
