/** An authority and a certificate for this machine, made by openssl for one test run. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificates {
  /** Files. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  remove(): void;
}

/** @param options `names`: of the certificate, as openssl writes them; `days`: below 0, it ran out so long ago */
export function makeCertificates(
  options: { readonly names?: string; readonly days?: number } = {},
): Certificates {
  const { names = 'IP:127.0.0.1,DNS:localhost', days = 2 } = options;
  const folder = mkdtempSync(join(tmpdir(), 'saga-certs-'));
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  };
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-days',
    '2',
    '-subj',
    '/CN=saga test authority',
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.crt'),
  );
  openssl('req', ...key, '-subj', '/CN=eventstoredb-node', '-keyout', at('node.key'), '-out', at('node.csr'));
  writeFileSync(at('ext'), `subjectAltName=${names}\nextendedKeyUsage=serverAuth,clientAuth\n`);
  const by = ['-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('ext')];
  openssl('x509', '-req', '-in', at('node.csr'), ...by, '-days', String(days), '-out', at('node.crt'));
  return {
    ca: at('ca.crt'),
    cert: at('node.crt'),
    key: at('node.key'),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
