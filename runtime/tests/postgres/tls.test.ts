import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, startPostgres, type PostgresServer } from '@justscale/fixtures/postgres';
import { ConnectionFailedError } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

const FOR_SIGNING = [
  { name: 'basicConstraints', cA: true, critical: true },
  { name: 'keyUsage', keyCertSign: true, critical: true },
] as const;

let directory: string;
let server: PostgresServer;
/** Credentials and database of the server. */
let who: { credentials: string; port: string; database: string };
/** Paths of certificates: of the authority that signed the server's, and of one that did not. */
let authority: string;
let stranger: string;

async function newAuthority(name: string): Promise<{ key: string; cert: string }> {
  const made = await generate([{ name: 'commonName', value: name }], {
    algorithm: 'sha256',
    extensions: [...FOR_SIGNING],
  });
  return { key: made.private, cert: made.cert };
}

/** A server with TLS, whose certificate is for `localhost` and for no other name or address. */
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tls-'));
  const [known, unknown] = [await newAuthority('known'), await newAuthority('unknown')];
  const certificate = await generate([{ name: 'commonName', value: 'localhost' }], {
    algorithm: 'sha256',
    ca: known,
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  authority = join(directory, 'known.pem');
  stranger = join(directory, 'unknown.pem');
  await writeFile(authority, known.cert);
  await writeFile(stranger, unknown.cert);
  // A server of the environment would have certificates of its own.
  vi.stubEnv('DATABASE_URL', '');
  server = await startPostgres({
    tls: { certificate: certificate.cert, key: certificate.private },
  });
  const database = await createDatabase({ url: server.url });
  const url = new URL(database.url);
  who = {
    credentials: `${url.username}:${url.password}`,
    port: url.port,
    database: url.pathname.slice(1),
  };
});
afterAll(async () => {
  await server?.stop();
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});

/** Whether a connection is encrypted that a store opens with these parameters of its url. */
async function isEncrypted(parameters: string, host = 'localhost'): Promise<unknown> {
  const { credentials, port, database } = who;
  const store = postgresStore(
    `postgres://${credentials}@${host}:${port}/${database}?${parameters}`,
    { connectTimeoutMs: 10_000 },
  );
  try {
    const rows = await store.read<{ ssl: boolean }>(
      'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
    );
    return rows[0]?.ssl;
  } finally {
    await store.close();
  }
}

describe('sslmode', () => {
  test.each([
    ['', false],
    ['sslmode=disable', false],
    ['sslmode=allow', true],
    ['sslmode=prefer', true],
    ['sslmode=require', true],
    ['sslmode=no-verify', true],
    ['ssl=true', true],
    ['ssl=false', false],
  ])('%o: encrypted is %o, whoever signed the certificate', async (parameters, expected) => {
    expect(await isEncrypted(parameters)).toBe(expected);
  });

  test('verify-full: the certificate has to be of the authority, and for the host', async () => {
    const root = `sslmode=verify-full&sslrootcert=${encodeURIComponent(authority)}`;
    expect(await isEncrypted(root)).toBe(true);
    await expect(isEncrypted(root, '127.0.0.1')).rejects.toThrow('for another host');
    const other = `sslmode=verify-full&sslrootcert=${encodeURIComponent(stranger)}`;
    await expect(isEncrypted(other)).rejects.toThrow('unknown authority');
    await expect(isEncrypted('sslmode=verify-full')).rejects.toThrow(ConnectionFailedError);
  });

  test.each(['verify-ca', 'require'])(
    '%s with an authority: it has to have signed, for whatever host',
    async (mode) => {
      const root = `sslmode=${mode}&sslrootcert=${encodeURIComponent(authority)}`;
      expect(await isEncrypted(root)).toBe(true);
      expect(await isEncrypted(root, '127.0.0.1')).toBe(true);
      const other = `sslmode=${mode}&sslrootcert=${encodeURIComponent(stranger)}`;
      await expect(isEncrypted(other)).rejects.toThrow('unknown authority');
    },
  );

  test('an authority alone means verify-full', async () => {
    const root = `sslrootcert=${encodeURIComponent(authority)}`;
    expect(await isEncrypted(root)).toBe(true);
    await expect(isEncrypted(root, '127.0.0.1')).rejects.toThrow('for another host');
  });
});

test.each(['disable', 'prefer', 'require'])(
  'channel_binding=%s is ignored: the server offers it over TLS, and the password goes without',
  async (binding) => {
    expect(await isEncrypted(`sslmode=require&channel_binding=${binding}`)).toBe(true);
  },
);
