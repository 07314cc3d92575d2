// A field that holds what cannot be stored.
import { defineModel } from '@justscale/runtime';
import { z } from 'zod';

export function mistake(): void {
  defineModel('group', z.object({ members: z.set(z.string()) }));
}
