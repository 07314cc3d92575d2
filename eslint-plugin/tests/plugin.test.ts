import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import justscale from '@justscale/eslint-plugin';
import { describe, expect, it } from 'vitest';

const folder = resolve(import.meta.dirname, '..');
const names = (path: string, ending: string): string[] =>
  readdirSync(resolve(folder, path))
    .filter((file) => file.endsWith(ending) && file !== 'index.ts')
    .map((file) => file.slice(0, -ending.length))
    .sort();

const ruleNames = Object.keys(justscale.rules).sort();
const configured = (config: keyof typeof justscale.configs): string[] =>
  Object.keys(justscale.configs[config].rules ?? {}).map((name) => name.replace('@justscale/', ''));

describe('the set of rules', () => {
  it.each([
    ['files', names('src/rules', '.ts')],
    ['tests', names('tests/rules', '.test.ts')],
    ['pages', names('docs/rules', '.md')],
    ['recommended', configured('recommended').sort()],
    ['strict', configured('strict').sort()],
  ])('is the set of %s', (_, set) => {
    expect(set).toEqual(ruleNames);
  });

  it('is listed in the README, each rule with its page', () => {
    const readme = readFileSync(resolve(folder, 'README.md'), 'utf8');
    const listed = [...readme.matchAll(/^\| \[`([\w-]+)`\]\(docs\/rules\/([\w-]+)\.md\)/gm)];
    expect(listed.map(([, name, page]) => [name, page]).sort()).toEqual(
      ruleNames.map((name) => [name, name]),
    );
  });

  it('has sixteen members, two of which need no types', () => {
    expect(ruleNames).toHaveLength(16);
    expect(configured('syntactic').sort()).toEqual(['no-module-state', 'no-raw-client-import']);
  });
});

describe('configs', () => {
  it.each(Object.values(justscale.configs))('$name reports every rule as an error', ({ rules }) => {
    for (const entry of Object.values(rules ?? {}))
      expect(Array.isArray(entry) ? entry[0] : entry).toBe('error');
  });

  it('brings the plugin along, the same object each time', () => {
    for (const config of Object.values(justscale.configs))
      expect(config.plugins?.['@justscale']).toBe(justscale);
  });
});

describe.each(Object.entries(justscale.rules))('%s', (name, rule) => {
  it('links to its page and describes its options', () => {
    expect(rule.meta?.docs?.url).toMatch(new RegExp(`/docs/rules/${name}\\.md$`));
    expect(rule.meta?.docs?.description).toMatch(/^(?:disallow|require) /);
    expect(rule.meta?.defaultOptions).toBeDefined();
    for (const schema of rule.meta?.schema as readonly {
      properties?: Record<string, { description?: string }>;
    }[])
      for (const property of Object.values(schema.properties ?? {}))
        expect(property.description).toMatch(/\w{3,}/);
  });
});
