// JSON and recursive fields.
import { defineModel, type Locked, type Persistent, type Store } from '@justscale/runtime';
import { z } from 'zod';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
const json: z.ZodType<Json> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(json),
    z.record(z.string(), json),
  ]),
);
interface Comment {
  text: string;
  replies: Comment[];
}
const comment: z.ZodType<Comment> = z.object({
  text: z.string(),
  replies: z.lazy(() => comment.array()),
});
const Category = z.object({
  name: z.string(),
  get children() {
    return z.array(Category);
  },
});
class Doc extends defineModel(
  'doc',
  z.object({
    data: json,
    other: z.json(),
    thread: z.array(comment),
    category: Category,
    meta: z.record(z.string(), z.unknown()),
  }),
) {
  replaced(this: Locked<Doc>, data: Json) {
    return { data };
  }
}
const depth = ({ replies }: { readonly replies: readonly { readonly text: string }[] }): number =>
  replies.length;
export const firstDepth = (doc: Persistent<Doc>): number => {
  const [first] = doc.thread;
  return first === undefined ? 0 : depth(first);
};
export async function run(store: Store): Promise<string | undefined> {
  const docs = store.repository(Doc);
  const saved = await docs.save(
    new Doc({
      data: { a: [1] },
      other: null,
      thread: [{ text: 'a', replies: [] }],
      category: { name: 'c', children: [] },
      meta: {},
    }),
  );
  await docs.mutate(Doc.ref(saved), (doc) => ({
    ...doc.replaced({ b: 1 }),
    other: doc.data,
    category: doc.category,
  }));
  return store.transaction(
    async () => (await docs.get(Doc.ref(saved)))?.category.children[0]?.name,
  );
}
