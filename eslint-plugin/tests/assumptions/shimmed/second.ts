import type { Repository } from '@justscale/runtime';

export const rename = (rows: Repository<{ name: string }>, name: string) =>
  rows.update({ id: 'a', name }, { name });
