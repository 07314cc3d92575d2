import { ruleLevels, scriptConfig, type SharedConfig } from './shared-config.js';

/** The rules that need no types. */
export const syntactic: SharedConfig = scriptConfig(
  'syntactic',
  ruleLevels({ syntacticOnly: true }),
);
