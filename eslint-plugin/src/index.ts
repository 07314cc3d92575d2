import type { ESLint, Linter, Rule } from 'eslint';
import { readFileSync } from 'node:fs';
import { recommended } from './configs/recommended.js';
import { races } from './configs/races.js';
import type { SharedConfig } from './configs/shared-config.js';
import { strict } from './configs/strict.js';
import { syntactic } from './configs/syntactic.js';
import { warnWithoutTypeScript } from './configs/warn-without-typescript.js';
import { rules } from './rules/index.js';

/** What `@justscale/eslint-plugin` exports as its default, in ESLint's own types: a typed config takes it as it is. */
export interface Plugin extends ESLint.Plugin {
  readonly meta: { readonly name: string; readonly version: string; readonly namespace: string };
  readonly rules: { [Name in keyof typeof rules]: Rule.RuleModule };
  readonly configs: {
    readonly recommended: Linter.Config;
    readonly races: Linter.Config;
    readonly strict: Linter.Config;
    readonly syntactic: Linter.Config;
  };
}

const { name, version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { name: string; version: string };

// ESLint refuses two different objects under one namespace, so the configs hold the very plugin.
const plugins: Record<string, ESLint.Plugin> = {};

const typed = {
  recommended: withPlugin(recommended),
  strict: withPlugin(strict),
  races: withPlugin(races),
};

const plugin: Plugin = {
  meta: { name, version, namespace: '@justscale' },
  // The rules are typed by typescript-eslint, whose contexts ESLint's own types do not know.
  rules: rules as unknown as Plugin['rules'],
  configs: {
    get recommended() {
      warnWithoutTypeScript('recommended');
      return typed.recommended;
    },
    get races() {
      warnWithoutTypeScript('races');
      return typed.races;
    },
    get strict() {
      warnWithoutTypeScript('strict');
      return typed.strict;
    },
    syntactic: withPlugin(syntactic),
  },
};
plugins['@justscale'] = plugin;

function withPlugin(config: SharedConfig): Linter.Config {
  return { ...(config as Linter.Config), plugins };
}

export default plugin;
// What `require()` of this module gives in CommonJS.
export { plugin as 'module.exports' };
