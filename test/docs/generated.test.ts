/** Documents that are made from the program are what the program says now. */
import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { generatedDocuments } from '../../scripts/docs/generated.ts';
import { VARIABLES } from '../../src/config/variables.ts';
import { EVENTS } from '../../src/domain/codec.ts';
import { type TestDatabase, testDatabase } from '../support/stores/postgres.ts';

describe('generated documents', () => {
  let database: TestDatabase;
  let made: Readonly<Record<string, string>>;
  before(async () => {
    database = await testDatabase();
    made = await generatedDocuments(database.url);
  });
  after(() => database.drop());

  it('are up to date: npm run docs:generate', () => {
    for (const [path, text] of Object.entries(made)) {
      // Not compared by chai, whose difference of so long texts takes minutes.
      expect(existsSync(path) && readFileSync(path, 'utf8') === text, `${path} is up to date`).to.equal(true);
    }
  });

  it('name every event with its version, and which fields are personal', () => {
    const catalogue = made['docs/generated/events.md'] ?? '';
    for (const { type, version, personal } of EVENTS.values()) {
      const [, section = ''] = new RegExp(`### ${type}\\n([\\s\\S]*?)(?=\\n##|$)`).exec(catalogue) ?? [];
      expect(section, type).to.include(`Version ${String(version)}`);
      for (const field of personal)
        expect(section, `${type}.${field}`).to.match(new RegExp(`\`${field}\`.*personal`));
    }
  });

  it('show every table with its columns, and no partition', () => {
    const tables = made['docs/generated/erd.md'] ?? '';
    expect(tables).to.include('read_tickets["read.tickets"]').and.not.include('tickets_sari[');
    expect(tables).to.match(/ops_sessions \|\|--o\{ ops_refresh_tokens : session_id/);
    expect(tables).to.match(/read_tickets \|o\.\.o\{ read_messages_l1 : ticket_id/);
  });

  it('name every variable, and show no secret', () => {
    const configuration = made['docs/generated/configuration.md'] ?? '';
    for (const name of Object.keys(VARIABLES)) expect(configuration).to.include(`| \`${name}\``);
  });
});
