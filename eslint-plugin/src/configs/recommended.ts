import { ruleLevels, scriptConfig, type SharedConfig } from './shared-config.js';

/** All rules with their defaults. Those about locks need `parserOptions.projectService`. */
export const recommended: SharedConfig = scriptConfig('recommended', ruleLevels());
