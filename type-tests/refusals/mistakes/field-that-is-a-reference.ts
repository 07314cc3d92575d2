// A field that holds a reference.
import { defineModel, type Ref } from '@justscale/runtime';
import { z } from 'zod';
import type { Account } from '../../test-d/domain.js';

export function mistake(): void {
  defineModel('card', z.object({ account: z.custom<Ref<Account>>() }));
}
