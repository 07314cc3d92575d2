// What lodash merges a lock into is another object, however its result type is written; data merged for a patch is none.
import { defineModel, type Ref, type Repository } from '@justscale/runtime';
import _, { defaults, merge } from 'lodash';
import { z } from 'zod';

class Bed extends defineModel(
  'bed',
  z.object({ nights: z.number(), guests: z.array(z.string()) }),
) {}

export async function bad_defaults(beds: Repository<Bed>, ref: Ref<Bed>) {
  const bed = await beds.lock(ref);
  if (bed) await beds.update(_.defaults({ nights: 4 }, bed), { guests: [] });
}
export async function bad_defaults_in_a_variable(beds: Repository<Bed>, ref: Ref<Bed>) {
  const bed = await beds.lock(ref);
  if (!bed) return;
  const filled = defaults({ nights: 4 }, bed);
  await beds.save(filled);
}
export async function bad_extend(beds: Repository<Bed>, ref: Ref<Bed>) {
  const bed = await beds.lock(ref);
  if (bed) await beds.update(_.extend({}, bed), { guests: [] });
}
export async function bad_merge(beds: Repository<Bed>, ref: Ref<Bed>) {
  const bed = await beds.lock(ref);
  if (bed) await beds.update(merge({}, bed, { nights: 4 }), { guests: [] });
}
export async function ok_patch_with_defaults(beds: Repository<Bed>, ref: Ref<Bed>) {
  const bed = await beds.lock(ref);
  if (bed) await beds.update(bed, defaults({ nights: 3 }, { guests: bed.guests }));
}
export async function ok_patch_from_a_list(beds: Repository<Bed>, ref: Ref<Bed>, guest: string) {
  const bed = await beds.lock(ref);
  if (bed) await beds.update(bed, { guests: _.uniq([...bed.guests, guest]) });
}
export async function ok_locks_sorted(beds: Repository<Bed>, refs: readonly Ref<Bed>[]) {
  const held = _.compact(await beds.lockMany(refs));
  for (const bed of _.sortBy(held, 'nights')) await beds.update(bed, { guests: [] });
}
