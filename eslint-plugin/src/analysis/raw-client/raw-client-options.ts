import type { JSONSchema4 } from '@typescript-eslint/utils/json-schema';
import { matchesGlobs } from '../file-globs.js';
import { DEFAULT_ADAPTER_FOLDERS, isInAdapterFolder } from './adapter-folders.js';
import { RawClientSet, type RawClient } from './raw-clients.js';

/** Options that both rules about raw clients take. */
export interface RawClientOptions {
  readonly adapterFolders?: readonly string[];
  readonly allowFiles?: readonly string[];
  readonly clients?: readonly RawClient[];
  readonly ignorePackages?: readonly string[];
}

export const rawClientDefaults: Required<RawClientOptions> = {
  adapterFolders: DEFAULT_ADAPTER_FOLDERS,
  allowFiles: [
    '**/*.{test,spec,bench,mock,e2e}.{js,jsx,ts,tsx,mjs,mts,cjs,cts}',
    '**/__{tests,mocks}__/**',
  ],
  clients: [],
  ignorePackages: [],
};

export const rawClientSchema: readonly JSONSchema4[] = [
  {
    type: 'object',
    additionalProperties: false,
    properties: {
      adapterFolders: {
        type: 'array',
        items: { type: 'string', minLength: 1 },
        uniqueItems: true,
        description:
          'Folders (or globs of folders), relative to the working directory, where clients are at home. One that exists nowhere is an error.',
      },
      allowFiles: {
        type: 'array',
        items: { type: 'string' },
        uniqueItems: true,
        description: 'Globs of single files that may use a client, such as migrations and scripts.',
      },
      clients: {
        type: 'array',
        description: 'More clients, or other ones for a package that the rule knows.',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['package'],
          properties: {
            package: { type: 'string', minLength: 1, description: 'Name of the npm package.' },
            exports: {
              type: 'array',
              items: { type: 'string' },
              description: 'Value exports that are a client or make one; all when left out.',
            },
            types: {
              type: 'array',
              items: { type: 'string' },
              description: 'Types whose values are a client; all of the package when left out.',
            },
            defaultIsNamespace: {
              type: 'boolean',
              description: 'Whether the default export is the package as a whole.',
            },
          },
        },
      },
      ignorePackages: {
        type: 'array',
        items: { type: 'string' },
        uniqueItems: true,
        description: 'Packages that the rule knows and should not report.',
      },
    },
  },
];

const sets = new WeakMap<RawClientOptions, RawClientSet>();

/**
 * The clients to look for in a file; `null` where every client is allowed.
 *
 * @param options the very object of the configuration: what it means is remembered with it
 */
export function getRawClients(
  filename: string,
  cwd: string,
  options: RawClientOptions,
): RawClientSet | null {
  const { adapterFolders, allowFiles, clients, ignorePackages } = {
    ...rawClientDefaults,
    ...options,
  };
  if (isInAdapterFolder(filename, cwd, adapterFolders)) return null;
  if (matchesGlobs(filename, cwd, allowFiles)) return null;
  let known = sets.get(options);
  if (!known) sets.set(options, (known = new RawClientSet(clients, ignorePackages)));
  return known;
}
