// Schemas that compute, coerce, refine and pipe.
import { defineModel, type Store } from '@justscale/runtime';
import { z } from 'zod';

class Doc extends defineModel(
  'doc',
  z
    .object({
      title: z.string().trim(),
      slug: z.string().default(''),
      words: z.coerce.number<number>(),
    })
    .refine(({ words }) => words >= 0)
    .transform((doc) => ({ ...doc, slug: doc.title.toLowerCase() })),
) {}
class Event extends defineModel(
  'event',
  z.strictObject({
    at: z.date(),
    email: z.string().toLowerCase(),
    url: z.url().catch('https://example.com'),
  }),
) {}
export async function run(store: Store): Promise<string> {
  const docs = store.repository(Doc);
  const doc = await docs.save(new Doc({ title: ' Hello ', words: 1 }));
  await docs.mutate(Doc.ref(doc), () => ({ title: 'Bye' }));
  const event = await store
    .repository(Event)
    .save(new Event({ at: new Date(), email: 'A@B.C', url: 'https://a.b' }));
  return doc.slug + event.url;
}
