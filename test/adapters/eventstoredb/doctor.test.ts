/** What the doctor says of EventStoreDB: one finding per cause, each with what to do. */
import { expect } from 'chai';
import { eventStoreDb, rightFindings } from '../../../scripts/doctor/event-store.ts';
import type { Finding } from '../../../scripts/doctor/finding.ts';
import { readConfig } from '../../../src/config.ts';
import { serverAddress } from '../../../src/adapters/eventstoredb/address.ts';
import { setUpEventStore } from '../../../src/adapters/eventstoredb/administration/setup.ts';
import { type EsdbCluster, startEsdbCluster } from '../../support/esdb-server/cluster.ts';
import { type SecureServer, secureServers } from '../../support/real-eventstoredb/servers.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { needsTool } from '../../support/processes/tool.ts';

const logger = silentLogger();
const SECRET = 'rahasia-7531';

async function examine(url: string): Promise<readonly Finding[]> {
  const { findings, usable } = await eventStoreDb(readConfig({ EVENTSTORE_URL: url }), logger);
  expect(usable).to.equal(findings.every(({ level }) => level !== 'problem'));
  expect(JSON.stringify(findings)).not.to.include(SECRET);
  return findings;
}

for (const { name, start } of secureServers()) {
  describe(`the doctor and EventStoreDB: ${name}`, function () {
    this.timeout(90_000);
    let server: SecureServer;
    let right: string;

    before(async function () {
      needsTool(this, 'openssl', 'openssl');
      server = await start();
      right = server.address('saga', SECRET);
      const admin = serverAddress(server.address('admin', 'changeit'), { allowInsecure: false });
      await setUpEventStore(admin, { username: 'saga', password: SECRET }, logger);
    });
    after(() => (server as SecureServer | undefined)?.stop());

    it('finds a server that is set up well', async () => {
      expect((await examine(right)).map(({ check, level }) => `${level} ${check}`)).to.deep.equal([
        'ok event store rights',
        'ok event store streams',
      ]);
    });

    it('warns of a user who may do too much', async () => {
      const [rights] = await examine(server.address('admin', 'changeit'));
      expect([rights?.level, rights?.says]).to.satisfy(
        ([level, says]: [string, string]) => level === 'warning' && says.includes('delete streams'),
      );
    });

    const CAUSES: Readonly<Record<string, readonly [(url: string) => string, RegExp, RegExp]>> = {
      'wrong password': [
        (url) => url.replace(SECRET, 'salah'),
        /does not know this user/,
        /eventstore:setup/,
      ],
      'no authority': [(url) => url.replace(/&tlsCAFile=.*/, ''), /not trusted/, /tlsCAFile/],
      'no file': [
        (url) => url.replace(/tlsCAFile=.*/, 'tlsCAFile=/nope/ca.crt'),
        /not there.*\/nope\/ca\.crt/,
        /EVENTSTORE_URL/,
      ],
      'a % in the password': [(url) => url.replace(SECRET, '50%'), /%25/, /EVENTSTORE_URL/],
      'an option of nobody': [(url) => `${url}&colour=red`, /colour/, /EVENTSTORE_URL/],
      'wrong port': [(url) => url.replace(/:\d+\?/, ':1?'), /nobody listens/, /port/],
      'unknown host': [(url) => url.replace('127.0.0.1', 'no-such-host.invalid'), /not known/, /DNS/],
      'no TLS': [(url) => url.replace(/saga.*@/, '').replace(/\?.*/, '?tls=false'), /wants TLS/, /tls=true/],
    };
    for (const [cause, [change, says, todo]] of Object.entries(CAUSES)) {
      it(`${cause}: one finding, and what to do`, async () => {
        const findings = await examine(change(right));
        expect(findings.map(({ level }) => level)).to.deep.equal(['problem']);
        expect(findings[0]?.says).to.match(says);
        expect(findings[0]?.todo).to.match(todo);
      });
    }
  });
}

describe('the doctor and a cluster of EventStoreDB', function () {
  this.timeout(60_000);
  let cluster: EsdbCluster;

  beforeEach(async () => {
    cluster = await startEsdbCluster();
  });
  afterEach(() => {
    cluster.stop();
  });

  it('warns of a node that is away, and goes on', async () => {
    cluster.kill(2);
    const [node, ...others] = await examine(cluster.url);
    expect([node?.level, node?.says]).to.satisfy(
      ([level, says]: [string, string]) => level === 'warning' && says.includes('nobody listens'),
    );
    expect(others.map(({ level }) => level)).to.deep.equal(['ok', 'ok']);
  });

  it('says that there is no leader', async () => {
    cluster.elect(null);
    const findings = await examine(cluster.url);
    expect(findings.map(({ level, says }) => `${level} ${says}`).join()).to.match(/^problem .*no leader/);
  });
});

describe('the rights that the doctor asks for', () => {
  const all = { readStream: true, readAll: true, append: true };
  const none = { deleteStream: false, changeMetadata: false, readSettings: false };

  for (const right of ['readStream', 'readAll', 'append'] as const) {
    it(`without ${right} it is a problem`, () => {
      const [finding] = rightFindings({ secure: true }, { ...all, ...none, [right]: false });
      expect([finding?.level, finding?.todo]).to.satisfy(
        ([level, todo]: [string, string]) => level === 'problem' && todo.includes('eventstore:setup'),
      );
    });
  }
});
