import { defineModel } from '@justscale/runtime';
import { z } from 'zod';

export class Account extends defineModel('account', z.object({ owner: z.string() })) {}
