import type { StoredRow } from '@justscale/runtime/adapter';

export type Tables = Map<string, Map<string, StoredRow>>;
