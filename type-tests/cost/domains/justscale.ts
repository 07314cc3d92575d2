import { callSitesOf, indexes, signalsOf, type DomainWriter } from '../domain-size.js';

export const writeJustscale: DomainWriter = (size) => {
  const files = new Map<string, string>();
  for (const model of indexes(size.models)) {
    files.set(`model-${model}.ts`, writeModel(model));
    files.set(`service-${model}.ts`, writeService(model, callSitesOf(model, size)));
    const signals = signalsOf(model, size);
    if (signals.length > 0) files.set(`signals-${model}.ts`, writeSignals(model, signals));
  }
  return files;
};

function writeModel(model: number): string {
  return `
import { defineModel, type Locked } from '@justscale/runtime';
import { z } from 'zod';

export class Model${model} extends defineModel('model_${model}', z.object({
  owner: z.string(),
  amount: z.number(),
  active: z.boolean(),
  openedAt: z.date(),
  note: z.string().optional(),
  state: z.enum(['open', 'closed', 'state${model}']),
  tags: z.array(z.string()),
  parent${model}: z.string(),
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

function writeService(model: number, sites: readonly number[]): string {
  const functions = sites.map(
    (site) => `
export async function change${site}(store: Store, id: string) {
  const repository = store.repository(Model${model});
  const changed = await store.transaction(async () => {
    const held = await repository.lock(Model${model}.ref(id));
    if (held === null) return null;
    if (held.isLarge()) await repository.update(held, { active: false, tags: [...held.tags, 'large'] });
    return repository.update(held, held.withdrawal(${site}));
  });
  return { amount: changed?.amount, parent: changed?.parent${model}, at: changed?.openedAt };
}`,
  );
  return `
import type { Store } from '@justscale/runtime';
import { Model${model} } from './model-${model}.js';
${functions.join('\n')}
`;
}

function writeSignals(model: number, signals: readonly number[]): string {
  const definitions = signals.map(
    (signal) =>
      `  happened${signal}: signal('/model-${model}/:entity/happened-${signal}/:by').types({ entity: Model${model} }),`,
  );
  const uses = signals.map(
    (signal) => `
export async function tell${signal}(store: Store, entity: Ref<Model${model}>) {
  const signals = store.signals(Signals${model});
  signals.happened${signal}.subscribe(({ entity: seen, by }) => [seen.id, by], { entity });
  await signals.happened${signal}.emit({ entity, by: 'ada' });
}`,
  );
  return `
import { defineSignals, type Ref, type Store } from '@justscale/runtime';
import { Model${model} } from './model-${model}.js';

export class Signals${model} extends defineSignals((signal) => ({
${definitions.join('\n')}
})) {}
${uses.join('\n')}
`;
}
