// A snapshot and the row that is written have one key: an entry of a map, the element with that id, the element of a second loop.
import { defineModel, type Persistent, type Repository, type Store } from '@justscale/runtime';
import { z } from 'zod';

class Part extends defineModel('part', z.object({ stock: z.number() })) {}
declare const store: Store;
declare const parts: Repository<Part>;
interface Line {
  id: string;
  n: number;
}
const take = ({ id, n }: Line) => parts.mutate(Part.ref(id), (part) => ({ stock: part.stock - n }));

export async function bad_map_of_pairs(lines: readonly Line[]) {
  const byId = new Map((await parts.find()).map((part) => [part.id, part]));
  for (const line of lines) {
    const part = byId.get(line.id);
    if (!part || part.stock < line.n) throw new Error('sold out');
    await parts.mutate(Part.ref(line.id), (held) => ({ stock: held.stock - line.n }));
  }
}
export async function bad_filled_map(lines: readonly Line[]) {
  const byId = new Map<string, Persistent<Part>>();
  for (const line of lines) {
    const part = await parts.get(Part.ref(line.id));
    if (part) byId.set(line.id, part);
  }
  for (const line of lines) {
    if ((byId.get(line.id)?.stock ?? 0) < line.n) throw new Error('sold out');
    await parts.mutate(Part.ref(line.id), (held) => ({ stock: held.stock - line.n }));
  }
}
export async function bad_found_by_id(lines: readonly Line[]) {
  const all = await parts.find();
  for (const line of lines) {
    const part = all.find((it) => it.id === line.id);
    if (!part || part.stock < line.n) throw new Error('sold out');
    await parts.mutate(Part.ref(line.id), (held) => ({ stock: held.stock - line.n }));
  }
}
export async function bad_checked_all_then_wrote_all(lines: readonly Line[]) {
  for (const line of lines) {
    const part = await parts.get(Part.ref(line.id));
    if (!part || part.stock < line.n) throw new Error('sold out');
  }
  for (const line of lines) await take(line);
}
// no-stale-patch
export async function bad_patch_from_a_map(lines: readonly Line[]) {
  const stock = new Map((await parts.find()).map((part) => [part.id, part.stock]));
  for (const { id, n } of lines)
    await parts.mutate(Part.ref(id), () => ({ stock: (stock.get(id) ?? 0) - n }));
}
export async function ok_locked_together(lines: readonly Line[]) {
  await store.transaction(async () => {
    const held = await parts.lockMany(lines.map(({ id }) => Part.ref(id)));
    const byId = new Map(held.map((part) => [part.id, part]));
    for (const { id, n } of lines) {
      const part = byId.get(id);
      if (!part || part.stock < n) throw new Error('sold out');
      await parts.update(part, { stock: part.stock - n });
    }
  });
}
