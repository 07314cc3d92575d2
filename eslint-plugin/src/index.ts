import { readFileSync } from 'node:fs';
import { recommended } from './configs/recommended.js';
import type { SharedConfig } from './configs/shared-config.js';
import { strict } from './configs/strict.js';
import { syntactic } from './configs/syntactic.js';
import type { JustscaleRule } from './create-rule.js';
import { rules } from './rules/index.js';

/** A flat config that brings the plugin along: pass it to `defineConfig`. */
export interface PluginConfig extends SharedConfig {
  readonly plugins: { '@justscale': Plugin };
}

/** What `@justscale/eslint-plugin` exports as its default. */
export interface Plugin {
  readonly meta: { readonly name: string; readonly version: string; readonly namespace: string };
  readonly rules: { readonly [Name in keyof typeof rules]: JustscaleRule };
  readonly configs: {
    readonly recommended: PluginConfig;
    readonly strict: PluginConfig;
    readonly syntactic: PluginConfig;
  };
}

const { name, version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { name: string; version: string };

// ESLint refuses two different objects under one namespace, so the configs hold the very plugin.
const plugins = {} as PluginConfig['plugins'];

const plugin: Plugin = {
  meta: { name, version, namespace: '@justscale' },
  rules,
  configs: {
    recommended: { ...recommended, plugins },
    strict: { ...strict, plugins },
    syntactic: { ...syntactic, plugins },
  },
};
plugins['@justscale'] = plugin;

export default plugin;
