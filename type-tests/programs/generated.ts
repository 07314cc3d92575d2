// Fields and ids that the database makes.
import { defineModel, type Store } from '@justscale/runtime';
import { z } from 'zod';

const Row = z.object({ number: z.number(), createdAt: z.date(), text: z.string() });
class Invoice extends defineModel('invoice', Row, {
  generated: ['number', 'createdAt'],
  generateId: 'database',
}) {}
class Short extends defineModel('short', z.object({ url: z.string() }), {
  generateId: () => crypto.randomUUID(),
}) {}
export async function run(store: Store): Promise<string> {
  const invoice = await store.repository(Invoice).save(new Invoice({ text: 'a' }));
  const short = await store.repository(Short).save(new Short({ url: 'x' }, { id: 's' }));
  return `${invoice.number} ${invoice.createdAt.toISOString()} ${short.id}`;
}
