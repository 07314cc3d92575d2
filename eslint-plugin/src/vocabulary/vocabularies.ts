import { justscale } from './justscale.js';
import { prisma } from './prisma/prisma.js';
import type { Vocabulary } from './vocabulary.js';

/** The libraries that the flow analysis understands. */
export const vocabularies: readonly Vocabulary[] = [justscale, prisma];
