import { ruleLevels, typescriptConfig, type SharedConfig } from './shared-config.js';

/** All rules with their defaults, on TypeScript files. The lock rules need `parserOptions.projectService`. */
export const recommended: SharedConfig = typescriptConfig('recommended', ruleLevels());
