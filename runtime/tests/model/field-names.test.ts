import { defineModel, type Where } from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import { afterAll, expect, test } from 'vitest';

interface Fields {
  readonly owner: string;
  readonly balance: number;
}

const store = memoryStore();
afterAll(() => store.close());

const owner = { properties: { owner: {} }, additionalProperties: false };
const balance = { properties: { balance: {} }, additionalProperties: false };
const both = { properties: { owner: {}, balance: {} }, additionalProperties: false };

test.each([
  ['lists its properties', 'plain', both],
  ['puts them together from parts', 'parts', { allOf: [owner, balance] }],
  ['has alternatives', 'alternatives', { anyOf: [owner, both] }],
])('a schema that %s tells its fields: others are refused in a query', async (_, name, schema) => {
  const accounts = store.repository(model(name, schema));

  await expect(accounts.find({ owner: 'ada', balance: 1 })).resolves.toEqual([]);
  await expect(accounts.find({ oner: 'ada' } as Where<never>)).rejects.toMatchObject({
    code: 'VALIDATION',
  });
});

test.each([
  ['says its properties in two places', 'two-places', { ...owner, allOf: [balance] }],
  ['says them in two ways', 'two-ways', { allOf: [owner], anyOf: [balance] }],
  ['takes others too', 'open', { properties: { owner: {} } }],
])('a schema that %s does not tell all: nothing is refused', async (_, name, schema) => {
  const accounts = store.repository(model(name, schema));

  await expect(accounts.find({ owner: 'ada', balance: 1 })).resolves.toEqual([]);
});

/** A model whose schema takes everything, and describes itself like this. */
function model(name: string, description: Record<string, unknown>) {
  const schema: StandardSchemaV1<Fields> & StandardJSONSchemaV1<Fields> = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) => ({ value: value as Fields }),
      jsonSchema: { input: () => description, output: () => description },
    },
  };
  return class Described extends defineModel(name, schema) {};
}
