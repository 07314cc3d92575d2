import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { InvalidOptionError } from '../errors/store-errors.js';

type SslOption = false | 'prefer' | 'require' | ConnectionOptions;

/**
 * How to use TLS, by the parameters `sslmode`, `sslrootcert`, `sslcert`, `sslkey` and `sslpassword` of a url, with the meaning
 * that libpq gives them; `ssl` is that of node-postgres.
 *
 * @returns `undefined` when they do not say
 * @throws {@link InvalidOptionError} for an unknown mode, and a file that cannot be read
 */
export function sslOption(parameters: URLSearchParams): SslOption | undefined {
  const root = parameters.get('sslrootcert');
  const certificates: ConnectionOptions = {
    ...(root === null || root === 'system' ? {} : { ca: file('sslrootcert', root) }),
    ...fileOption(parameters, 'sslcert', 'cert'),
    ...fileOption(parameters, 'sslkey', 'key'),
    ...(parameters.has('sslpassword') ? { passphrase: parameters.get('sslpassword') ?? '' } : {}),
  };
  const hasAny = root !== null || Object.keys(certificates).length > 0;
  const mode = parameters.get('sslmode') ?? sslFlag(parameters.get('ssl'));
  switch (mode) {
    case undefined:
      return hasAny ? certificates : undefined;
    case 'disable':
      return false;
    case 'allow':
    case 'prefer':
      return hasAny ? unverified(certificates) : 'prefer';
    case 'require':
      // With an authority, libpq checks who signed the certificate.
      return root === null
        ? hasAny
          ? unverified(certificates)
          : 'require'
        : ofAuthority(certificates);
    case 'no-verify':
      return hasAny ? unverified(certificates) : 'require';
    case 'verify-ca':
      return ofAuthority(certificates);
    case 'verify-full':
      return certificates;
    default:
      throw new InvalidOptionError(
        'url',
        'its sslmode must be disable, allow, prefer, require, verify-ca, verify-full or no-verify',
      );
  }
}

/** Any certificate will do. */
function unverified(certificates: ConnectionOptions): ConnectionOptions {
  return { ...certificates, rejectUnauthorized: false };
}

/** The certificate is from a known authority, whatever host it is for. */
function ofAuthority(certificates: ConnectionOptions): ConnectionOptions {
  return { ...certificates, checkServerIdentity: () => undefined };
}

function sslFlag(value: string | null): string | undefined {
  if (value === null) return undefined;
  if (value === 'true' || value === '1' || value === '') return 'require';
  return value === 'false' || value === '0' ? 'disable' : value;
}

function fileOption(
  parameters: URLSearchParams,
  parameter: string,
  option: 'cert' | 'key',
): ConnectionOptions {
  const path = parameters.get(parameter);
  return path === null ? {} : { [option]: file(parameter, path) };
}

function file(parameter: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InvalidOptionError('url', `its ${parameter} cannot be read (${code ?? 'unknown'})`);
  }
}
