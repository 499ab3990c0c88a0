/**
 * Why EventStoreDB does not serve us, in sentences for an operator. None holds an address, a user or a password.
 */
import type { StoreUnavailable } from '../../ports.ts';

export type StoreCause =
  | 'wrong password'
  | 'no right'
  | 'unknown authority'
  | 'wrong certificate'
  | 'expired certificate'
  | 'unknown host'
  | 'nobody listens'
  | 'unreachable'
  | 'wants TLS'
  | 'has no TLS'
  | 'another server'
  | 'no leader'
  | 'silent';

export interface Explanation {
  readonly says: string;
  readonly todo: string;
}

/** `says` goes on after 'the event store is not available: '. */
export const EXPLANATIONS: Readonly<Record<StoreCause, Explanation>> = {
  'wrong password': {
    says: 'the store refuses us: it does not know this user with this password',
    todo: 'Put the right user and password into EVENTSTORE_URL and restart; npm run eventstore:setup makes the user, or gives it the password of EVENTSTORE_URL.',
  },
  'no right': {
    says: 'the store refuses us: the user of EVENTSTORE_URL lacks a right',
    todo: 'npm run eventstore:setup gives the user its rights (docs/deployment.md).',
  },
  'unknown authority': {
    says: 'its certificate is of an authority that is not trusted here',
    todo: 'Set tlsCAFile in EVENTSTORE_URL to the certificate of the authority (ca.crt) that signed the one of the server.',
  },
  'wrong certificate': {
    says: 'its certificate is for another name than the host of EVENTSTORE_URL',
    todo: 'Use the name that the certificate has, or give the node a certificate with this name.',
  },
  'expired certificate': {
    says: 'its certificate is not valid today',
    todo: 'Renew the certificate of the node; is the clock of this machine right?',
  },
  'unknown host': {
    says: 'the host of EVENTSTORE_URL is not known',
    todo: 'Correct the host in EVENTSTORE_URL, or its entry in DNS.',
  },
  'nobody listens': {
    says: 'nobody listens on the port of EVENTSTORE_URL',
    todo: 'Start EventStoreDB (systemctl status eventstore), or correct the port in EVENTSTORE_URL.',
  },
  unreachable: {
    says: 'the host of EVENTSTORE_URL does not answer',
    todo: 'Is the machine up, and does a firewall let this machine through to the port?',
  },
  'wants TLS': {
    says: 'the server wants TLS, and EVENTSTORE_URL has tls=false',
    todo: 'Set tls=true in EVENTSTORE_URL, with user, password and tlsCAFile.',
  },
  'has no TLS': {
    says: 'the server speaks no TLS, and EVENTSTORE_URL asks for it',
    todo: 'Give the server its certificates and take Insecure out of eventstore.conf; tls=false only where nobody else reaches it.',
  },
  'another server': {
    says: 'what listens there is no EventStoreDB',
    todo: 'Correct host and port in EVENTSTORE_URL: the port is NodePort of eventstore.conf (2113), not the one for replication.',
  },
  'no leader': {
    says: 'the cluster has no leader just now',
    todo: 'Wait for the election; if it lasts, start the missing nodes: two of three must be there.',
  },
  silent: {
    says: 'it takes connections and does not answer',
    todo: 'Look at its log and its disk; in a cluster, whether two of three nodes are there. Restart it if it hangs.',
  },
};

/** Words of Node and of gRPC in the failures of a connection. */
const WORDS: readonly (readonly [RegExp, StoreCause])[] = [
  [/ENOTFOUND|EAI_AGAIN|name resolution failed/i, 'unknown host'],
  [/ECONNREFUSED/, 'nobody listens'],
  [/EHOSTUNREACH|ENETUNREACH|ETIMEDOUT/, 'unreachable'],
  [
    /unable to verify|self.signed certificate|unable to get (local )?issuer|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO/i,
    'unknown authority',
  ],
  [/altnames|ALTNAME_INVALID/i, 'wrong certificate'],
  [/certificate has expired|CERT_HAS_EXPIRED|not yet valid|CERT_NOT_YET_VALID/i, 'expired certificate'],
  [/wrong version number|packet length too long|before secure TLS connection/i, 'has no TLS'],
  [/not.?leader|Server Is Not Ready|Leader info unavailable/i, 'no leader'],
];

/**
 * @param words what a failure says of itself: messages and codes
 * @returns undefined when they do not tell: a look at the sockets may
 */
export function causeInWords(words: string): StoreCause | undefined {
  return WORDS.find(([pattern]) => pattern.test(words))?.[1];
}

/** @returns what a StoreUnavailable of this adapter says, with what to do; undefined for another error */
export function explanationOf(error: unknown): Explanation | undefined {
  const because = (error as Partial<StoreUnavailable> | null)?.because;
  return Object.values(EXPLANATIONS).find(({ says }) => says === because);
}
