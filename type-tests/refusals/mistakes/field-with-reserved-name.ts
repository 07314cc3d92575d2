// A field that is named like a member of every entity.
import { defineModel } from '@justscale/runtime';
import { z } from 'zod';

export function mistake(): void {
  defineModel('session', z.object({ id: z.string() }));
}
