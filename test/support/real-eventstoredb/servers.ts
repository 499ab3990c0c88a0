/** The servers that a scenario runs on: the protocol-level one always, a real one where a command starts it. */
import { makeCertificates } from '../esdb-server/certificates.ts';
import { startEsdbServer } from '../esdb-server/index.ts';
import { startRealNode } from './node.ts';

export interface SecureServer {
  readonly port: number;
  /** File with the certificate of the authority. */
  readonly ca: string;
  /** Of this user, who need not exist. */
  address(login: string, password: string): string;
  stop(): Promise<void>;
}

export interface ServerKind<Server> {
  readonly name: string;
  readonly start: () => Promise<Server>;
}

const addressAt =
  (port: number, ca: string) =>
  (login: string, password: string): string =>
    `esdb://${login}:${encodeURIComponent(password)}@127.0.0.1:${String(port)}?tls=true&tlsCAFile=${encodeURIComponent(ca)}`;

/** With TLS, so that users and rights count. */
export function secureServers(): readonly ServerKind<SecureServer>[] {
  return [
    {
      name: 'protocol-level test server',
      start: async () => {
        const certificates = makeCertificates();
        const server = await startEsdbServer({ tls: certificates });
        return {
          port: server.port,
          ca: certificates.ca,
          address: addressAt(server.port, certificates.ca),
          stop: () => {
            server.stop();
            certificates.remove();
            return Promise.resolve();
          },
        };
      },
    },
    ...realOf('EVENTSTORE_TEST_COMMAND_TLS', async (line) => {
      const certificates = makeCertificates();
      const node = await startRealNode(line, certificates);
      return {
        port: node.port,
        ca: certificates.ca,
        address: addressAt(node.port, certificates.ca),
        stop: async () => {
          await node.stop();
          certificates.remove();
        },
      };
    }),
  ];
}

export interface PlainServer {
  readonly url: string;
  readonly port: number;
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A real node without TLS; none where no command starts one. */
export function realPlainServers(): readonly ServerKind<PlainServer>[] {
  return realOf('EVENTSTORE_TEST_COMMAND', async (line) => {
    const node = await startRealNode(line);
    return { ...node, url: `esdb://127.0.0.1:${String(node.port)}?tls=false` };
  });
}

/** Without TLS. */
export function plainServers(): readonly ServerKind<PlainServer>[] {
  return [
    {
      name: 'protocol-level test server',
      start: async () => {
        const server = await startEsdbServer();
        return {
          url: server.url,
          port: server.port,
          kill: () => {
            server.kill();
            return Promise.resolve();
          },
          restart: () => server.restart(),
          stop: () => {
            server.stop();
            return Promise.resolve();
          },
        };
      },
    },
    ...realPlainServers(),
  ];
}

function realOf<Server>(
  variable: string,
  start: (command: string) => Promise<Server>,
): readonly ServerKind<Server>[] {
  const command = process.env[variable];
  if (command !== undefined && command !== '')
    return [{ name: `a real EventStoreDB (${variable})`, start: () => start(command) }];
  return [];
}
