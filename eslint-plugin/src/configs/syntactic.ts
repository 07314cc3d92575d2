import { ruleLevels, typescriptConfig, type SharedConfig } from './shared-config.js';

const typescript = typescriptConfig('syntactic', ruleLevels({ syntacticOnly: true }));

/** The rules that need no types, on JavaScript and TypeScript files. */
export const syntactic: SharedConfig = {
  ...typescript,
  files: [...typescript.files, '**/*.js', '**/*.mjs', '**/*.cjs', '**/*.jsx'],
};
