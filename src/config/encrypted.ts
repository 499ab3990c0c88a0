/** Which addresses of stores keep what is said secret on its way (docs/security.md, ASVS 12.3.1). */
import type { ScannerAddress } from './values.ts';

const LOCAL = /^(localhost|127(\.\d+){3}|\[?::1\]?|\/.*|)$/i;
/** What pg takes for TLS with a certificate that is checked. `prefer` of other programs goes on without, `no-verify` checks nobody. */
const TLS_MODES: ReadonlySet<string> = new Set(['require', 'verify-ca', 'verify-full']);
const YES = /^(1|true)$/i;

/** A scanner of files that nobody on a network hears. */
export const isHere = (address: ScannerAddress): boolean => 'path' in address || LOCAL.test(address.host);

/**
 * @param address of Postgres or Redis, as it is in the environment
 * @returns whether nobody on the way can read it: to this machine, over a Unix socket, or over TLS. Of an address that cannot
 *   be parsed: true, because connecting says what is wrong with it
 */
export function isPrivate(address: string): boolean {
  if (!URL.canParse(address)) return true;
  const { protocol, hostname, searchParams } = new URL(address);
  if (LOCAL.test(searchParams.get('host') ?? decodeURIComponent(hostname))) return true;
  if (protocol === 'rediss:') return true;
  if (!protocol.startsWith('postgres')) return false;
  return TLS_MODES.has(searchParams.get('sslmode') ?? '') || YES.test(searchParams.get('ssl') ?? '');
}
