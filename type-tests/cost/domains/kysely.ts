import { callSitesOf, indexes, type DomainWriter } from '../domain-size.js';

export const writeKysely: DomainWriter = (size) => {
  const models = indexes(size.models);
  const files = new Map<string, string>();
  files.set(
    'database.ts',
    `
import type { JSONColumnType } from 'kysely';

${models
  .map(
    (model) => `
export interface Model${model} {
  id: string;
  owner: string;
  amount: number;
  active: boolean;
  openedAt: Date;
  note: string | null;
  state: 'open' | 'closed' | 'state${model}';
  tags: JSONColumnType<string[]>;
  parent${model}: string;
}`,
  )
  .join('\n')}

export interface Database {
${models.map((model) => `  model_${model}: Model${model};`).join('\n')}
}
`,
  );
  for (const model of models) {
    const functions = callSitesOf(model, size).map(
      (site) => `
export async function change${site}(db: Kysely<Database>, id: string) {
  const changed = await db.transaction().execute(async (tx) => {
    const found = await tx.selectFrom('model_${model}').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
    if (found === undefined) return null;
    if (found.amount > ${model}) {
      await tx.updateTable('model_${model}').set({ active: false, tags: JSON.stringify([...found.tags, 'large']) }).where('id', '=', id).execute();
    }
    return tx.updateTable('model_${model}').set({ amount: found.amount - ${site} }).where('id', '=', id).returningAll().executeTakeFirst();
  });
  return { amount: changed?.amount, parent: changed?.parent${model}, at: changed?.openedAt };
}`,
    );
    files.set(
      `service-${model}.ts`,
      `
import type { Kysely } from 'kysely';
import type { Database } from './database.js';
${functions.join('\n')}
`,
    );
  }
  return files;
};
