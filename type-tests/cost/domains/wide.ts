import { indexes, type DomainFiles } from '../domain-size.js';

/** 150 models of 30 fields, each with three functions that lock a row, read it and write it. */
export const wideSize = { models: 150, fields: 30, callSites: 3 };

/**
 * Writes a domain of wide models twice with the same words: with `@justscale/runtime`, and with a module beside it whose
 * `defineModel` is a class of the schema's types and nothing else. What the one costs more than the other are our types.
 */
export function writeWideDomain(
  words: '@justscale/runtime' | './plain.js',
  size = wideSize,
): DomainFiles {
  const files = new Map<string, string>();
  if (words === './plain.js') files.set('plain.ts', PLAIN);
  for (const model of indexes(size.models)) {
    files.set(`model-${model}.ts`, writeModel(words, model, size.fields));
    files.set(`service-${model}.ts`, writeService(words, model, size.callSites));
  }
  return files;
}

const PLAIN = `
import type { z } from 'zod';

export type Locked<T> = T;
export interface Repository<T> {
  lock(id: string): Promise<T | null>;
  update(row: T, patch: Partial<T>): Promise<T>;
}
export interface Store {
  repository<T>(model: new (...args: never) => T): Repository<T>;
  transaction<R>(work: () => Promise<R>): Promise<R>;
}
export declare function defineModel<S extends z.ZodObject>(
  name: string,
  schema: S,
): {
  new (fields: z.input<S>): z.output<S> & { readonly id: string };
  ref(id: string): string;
};
`;

const KINDS = [
  'z.string()',
  'z.number()',
  'z.boolean()',
  'z.date()',
  'z.string().optional()',
  "z.enum(['open', 'closed'])",
  'z.array(z.string())',
  'z.number().nullable()',
  "z.string().default('none')",
  'z.object({ city: z.string(), lines: z.array(z.string()) })',
];

function writeModel(words: string, model: number, fields: number): string {
  const others = indexes(fields - 3).map(
    (field) => `  field${model}_${field}: ${KINDS[field % KINDS.length] ?? ''},`,
  );
  return `
import { defineModel, type Locked } from '${words}';
import { z } from 'zod';

export class Model${model} extends defineModel('model_${model}', z.object({
  owner: z.string(),
  amount: z.number(),
  tags: z.array(z.string()),
${others.join('\n')}
})) {
  isLarge(): boolean {
    return this.amount > ${model};
  }

  withdrawal(this: Locked<Model${model}>, amount: number) {
    return { amount: this.amount - amount };
  }
}
`;
}

function writeService(words: string, model: number, sites: number): string {
  const functions = indexes(sites).map(
    (site) => `
export async function change${site}(store: Store, id: string) {
  const repository = store.repository(Model${model});
  const changed = await store.transaction(async () => {
    const held = await repository.lock(Model${model}.ref(id));
    if (held === null) return null;
    if (held.isLarge()) await repository.update(held, { tags: [...held.tags, 'large'] });
    return repository.update(held, held.withdrawal(${site}));
  });
  return { amount: changed?.amount, first: changed?.field${model}_0 };
}`,
  );
  return `
import type { Store } from '${words}';
import { Model${model} } from './model-${model}.js';
${functions.join('\n')}
`;
}
