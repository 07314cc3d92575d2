import { ruleLevels, scriptConfig, type SharedConfig } from './shared-config.js';

/** All rules with their strictest options. Those about locks need `parserOptions.projectService`. */
export const strict: SharedConfig = scriptConfig('strict', ruleLevels({ strict: true }));
