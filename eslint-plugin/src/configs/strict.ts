import { ruleLevels, typescriptConfig, type SharedConfig } from './shared-config.js';

/** All rules with their strictest options, on TypeScript files. */
export const strict: SharedConfig = typescriptConfig('strict', ruleLevels({ strict: true }));
