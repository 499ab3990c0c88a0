import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { secretsFor } from '../../src/adapters/security/secrets.ts';
import { ConfigError, readConfig, VARIABLES } from '../../src/config.ts';

const key = (letter: string): string => `${letter}0123456789abcdef`.repeat(3);
const SECRETS = {
  JWT_SECRET: key('a'),
  BLIND_INDEX_KEY: key('b'),
  MASTER_KEY: key('f'),
  WHATSAPP_APP_SECRET: key('c'),
  WHATSAPP_VERIFY_TOKEN: key('d'),
  EXTERNAL_BOT_SECRET: key('e'),
};
const DATABASE_URL = 'postgres://saga:pw@db/saga?sslmode=verify-full';

function problems(env: Record<string, string>): string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) {
      for (const value of Object.values(env)) {
        if (value.length > 3) expect(error.message).not.to.include(value);
      }
      return error.problems.map(({ variable }) => variable);
    }
    throw error;
  }
  return [];
}

describe('config', () => {
  it('needs nothing: every default can be used', () => {
    const config = readConfig({});
    expect(config).to.include({ PORT: 3000, HOST: '127.0.0.1', LOG_LEVEL: 'info', IDLE_AFTER_HOURS: 4 });
    expect([...config.RUN]).to.deep.equal(['api', 'projections', 'jobs']);
    expect(config.TRUST_PROXY).to.deep.equal([]);
    expect(config.FILES_DIR).to.equal(join(config.DATA_DIR, 'files'));
    expect(config.DATABASE_URL).to.equal(undefined);
  });

  it('takes an empty line of a .env file as not set', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: ' ', JWT_SECRET: '' }).PORT).to.equal(3000);
  });

  it('understands maps and lists', () => {
    const config = readConfig({
      WA_PHONE_MAP: 'PHONE_ID_001:sari:Saga Kargo, 17:savi:A: B',
      CHANNEL_DIVISION_MAP: 'instagram:178414:safia,facebook:10293:sari',
      TELEGRAM_SECRET_TOKEN: 'sari:0123456789abcdef_-,savi:77:0123456789abcdef77',
      CORS_ORIGINS: 'https://a.example, http://localhost:5173',
      TRUST_PROXY: 'loopback, 10.0.0.0/8,2001:db8::1',
      RUN: 'api',
    });
    expect(config.WA_PHONE_MAP.get('PHONE_ID_001')).to.deep.equal({
      division: 'sari',
      displayName: 'Saga Kargo',
    });
    expect(config.WA_PHONE_MAP.get('17')).to.deep.equal({ division: 'savi', displayName: 'A: B' });
    expect([...config.CHANNEL_DIVISION_MAP]).to.deep.equal([
      { channel: 'instagram', id: '178414', division: 'safia' },
      { channel: 'facebook', id: '10293', division: 'sari' },
    ]);
    expect(config.TELEGRAM_SECRET_TOKEN).to.deep.equal([
      { division: 'sari', token: '0123456789abcdef_-', bot: null },
      { division: 'savi', token: '0123456789abcdef77', bot: '77' },
    ]);
    expect(config.CORS_ORIGINS).to.deep.equal(['https://a.example', 'http://localhost:5173']);
    expect(config.TRUST_PROXY).to.deep.equal(['loopback', '10.0.0.0/8', '2001:db8::1']);
    expect([...config.RUN]).to.deep.equal(['api']);
  });

  const bad: Record<string, readonly string[]> = {
    PORT: ['65536', '-1', '3e3', 'http'],
    RUN: ['api,worker', ','],
    LOG_LEVEL: ['verbose'],
    BUSINESS_TIMEZONE: ['Asia/Nowhere'],
    IDLE_AFTER_HOURS: ['0', 'four', 'Infinity'],
    DATABASE_URL: ['mysql://db', 'postgresql:/db'],
    EVENTSTORE_URL: ['http://store', 'esdb://admin:changeit@store.internal:2113'],
    EVENTSTORE_ALLOW_INSECURE: ['yes'],
    REDIS_URL: ['localhost:6379'],
    JWT_SECRET: ['short-but-fine-31-characters-ab', 'a'.repeat(64), 'changeme-changeme-changeme-changeme'],
    BLIND_INDEX_KEY: ['0123456789abcdef'],
    MASTER_KEY: ['0123456789abcdef'],
    WEBHOOK_PATH: ['hooks/in', '/api/*', '/a b'],
    WA_PHONE_MAP: ['PHONE_ID_001:nowhere:Saga', 'PHONE_ID_001', '7:sari:Saga,7:savi:Saga'],
    CHANNEL_DIVISION_MAP: ['instagram:178414', 'whatsapp:1:sari'],
    TELEGRAM_SECRET_TOKEN: ['0123456789abcdef', 'sari:short'],
    TRUST_PROXY: ['true', '1', '*', '10.0.0.0/33', '10.0.0.0/8/8'],
    CORS_ORIGINS: ['*', 'null', 'https://a.example/', 'http://a.example', 'https://*.example', 'a.example'],
    LOGIN_LIMIT_PER_ACCOUNT: ['0'],
  };
  for (const [variable, values] of Object.entries(bad)) {
    it(`refuses a bad ${variable} by name, without showing it`, () => {
      for (const value of values)
        expect(problems({ ...SECRETS, [variable]: value }), value).to.deep.equal([variable]);
    });
  }

  it('names every bad variable at once', () => {
    expect(problems({ PORT: 'x', RUN: 'y', HOST: 'localhost' })).to.deep.equal(['PORT', 'RUN']);
  });

  it('takes the default password of EventStoreDB on this machine only', () => {
    expect(problems({ EVENTSTORE_URL: 'esdb://admin:changeit@localhost:2113?tls=false' })).to.deep.equal([]);
  });

  it('talks to stores on other machines over TLS only, unless it is said to be a network of its own', () => {
    const plain = {
      DATABASE_URL: 'postgres://saga:pw@10.0.0.5/saga',
      MIGRATE_DATABASE_URL: 'postgresql://owner:pw@db.example/saga?sslmode=disable',
      REDIS_URL: 'redis://:pw@cache.example:6379',
    };
    expect(problems({ ...SECRETS, ...plain })).to.deep.equal(Object.keys(plain));
    expect(problems({ ...SECRETS, ...plain, ALLOW_PLAIN_CONNECTIONS: 'true' })).to.deep.equal([]);
    for (const over of [
      { DATABASE_URL: 'postgres://saga:pw@10.0.0.5/saga?sslmode=prefer' },
      { DATABASE_URL: 'postgres://saga:pw@10.0.0.5/saga?sslmode=no-verify' },
      { DATABASE_URL: 'postgres://saga:pw@localhost/saga?host=db.example' },
      { REDIS_URL: 'redis://localhost.example' },
    ])
      expect(problems({ ...SECRETS, ...over }), JSON.stringify(over)).to.deep.equal(Object.keys(over));
    for (const over of [
      { DATABASE_URL: 'postgres://saga:pw@10.0.0.5/saga?sslmode=require' },
      { DATABASE_URL: 'postgres://saga:pw@127.0.0.1:5432/saga' },
      { DATABASE_URL: 'postgres://saga:pw@[::1]:5432/saga' },
      { DATABASE_URL: 'postgres://saga@db/saga?host=/var/run/postgresql' },
      { DATABASE_URL: 'postgres://saga@%2Fvar%2Frun%2Fpostgresql/saga' },
      { REDIS_URL: 'rediss://:pw@cache.example:6379' },
      { REDIS_URL: 'redis://localhost:6379' },
    ])
      expect(problems({ ...SECRETS, ...over }), JSON.stringify(over)).to.deep.equal([]);
  });

  it('demands every secret when DATABASE_URL is set', () => {
    expect(problems({ DATABASE_URL })).to.deep.equal(Object.keys(SECRETS));
    expect(problems({ DATABASE_URL, ...SECRETS })).to.deep.equal([]);
  });

  it('and .env.example name the same variables with the same defaults, each explained', () => {
    const text = readFileSync('.env.example', 'utf8');
    const lines = text.split('\n');
    const listed = lines.flatMap((line, index) => {
      const [, name, value] = /^#? ?([A-Z][A-Z_]+)=(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [{ name, value, explained: lines[index - 1]?.startsWith('# ') }];
    });
    expect(listed.map(({ name }) => name).sort()).to.deep.equal(Object.keys(VARIABLES).sort());
    for (const { name, value, explained } of listed) {
      const variable = VARIABLES[name as keyof typeof VARIABLES];
      expect(explained, name).to.equal(true);
      expect(value, name).to.equal('default' in variable ? variable.default : '');
    }
  });

  describe('secrets', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'saga-secrets-'));
    });
    afterEach(() => {
      rmSync(folder, { recursive: true });
    });
    const file = () => join(folder, 'secrets.json');

    it('are made once, kept for the owner only, and good enough for production', () => {
      const first = secretsFor(readConfig({ DATA_DIR: folder }));
      expect(secretsFor(readConfig({ DATA_DIR: folder }))).to.deep.equal(first);
      expect(new Set(Object.values(first)).size).to.equal(6);
      expect(statSync(file()).mode & 0o777).to.equal(0o600);
      expect(problems({ DATABASE_URL, ...first })).to.deep.equal([]);
    });

    it('of the environment go first, and are not written down', () => {
      const { JWT_SECRET } = SECRETS;
      expect(secretsFor(readConfig({ DATA_DIR: folder, JWT_SECRET })).JWT_SECRET).to.equal(JWT_SECRET);
      expect(readFileSync(file(), 'utf8')).not.to.include(JWT_SECRET).and.not.to.include('JWT_SECRET');
    });

    it('are completed when a later version needs one more', () => {
      writeFileSync(file(), JSON.stringify({ JWT_SECRET: SECRETS.JWT_SECRET }));
      const secrets = secretsFor(readConfig({ DATA_DIR: folder }));
      expect(secrets.JWT_SECRET).to.equal(SECRETS.JWT_SECRET);
      expect(secretsFor(readConfig({ DATA_DIR: folder }))).to.deep.equal(secrets);
    });

    it('are never made again over a damaged file', () => {
      writeFileSync(file(), '{"JWT_SECRET":');
      expect(() => secretsFor(readConfig({ DATA_DIR: folder }))).to.throw('is damaged');
      expect(readFileSync(file(), 'utf8')).to.equal('{"JWT_SECRET":');
    });
  });
});
