import { memoryStore } from '@justscale/runtime/memory';
import { describeConformance } from '@justscale/runtime/testing';
import { describe, it } from 'vitest';

describeConformance('memory', { describe, it, openStore: () => memoryStore() });
