import type { JSONSchema4 } from '@typescript-eslint/utils/json-schema';
import { matchesGlobs } from '../../options/file-globs.js';
import { AdapterFolders, DEFAULT_ADAPTER_FOLDERS } from './adapter-folders.js';
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

/** What an option's object means. */
interface ReadOptions {
  readonly clients: RawClientSet;
  readonly adapterFolders: AdapterFolders;
}

const read = new WeakMap<RawClientOptions, ReadOptions>();

function readOptions(cwd: string, options: RawClientOptions): ReadOptions {
  let known = read.get(options);
  if (known) return known;
  const { adapterFolders, clients, ignorePackages } = { ...rawClientDefaults, ...options };
  known = {
    clients: new RawClientSet(clients, ignorePackages),
    adapterFolders: new AdapterFolders(adapterFolders, cwd),
  };
  read.set(options, known);
  return known;
}

/**
 * The clients to look for.
 *
 * @param options the very object of the configuration: what it means is remembered with it
 * @throws OptionError when a folder of the options exists nowhere
 */
export function getRawClients(cwd: string, options: RawClientOptions): RawClientSet {
  return readOptions(cwd, options).clients;
}

/** Whether every client is at home in a file. */
export function mayUseClients(filename: string, cwd: string, options: RawClientOptions): boolean {
  return (
    readOptions(cwd, options).adapterFolders.has(filename, cwd) ||
    matchesGlobs(filename, cwd, options.allowFiles ?? rawClientDefaults.allowFiles)
  );
}
