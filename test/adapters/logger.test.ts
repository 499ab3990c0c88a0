import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { createLogger } from '../../src/adapters/logger.ts';

function logged(fields: object, message = 'said'): Record<string, unknown> {
  let line = '';
  const logger = createLogger({
    level: 'debug',
    destination: { write: (text: string) => void (line += text) },
  });
  logger.info(fields, message);
  return JSON.parse(line) as Record<string, unknown>;
}

describe('logger', () => {
  it('prints the fields of the list and names, without their values, those that are not on it', () => {
    const line = logged({
      ticketId: 'abc',
      customer_phone: '6281234567890',
      message: 'halo',
      token: 'secret',
    });
    expect(line).to.include({ level: 'info', ticketId: 'abc', msg: 'said' });
    expect(line['dropped']).to.deep.equal(['customer_phone', 'message', 'token']);
    expect(JSON.stringify(line)).not.to.match(/6281234567890|halo|secret/);
  });

  it('takes phone numbers and addresses out of what an error says, causes included', () => {
    const cause = new Error('no account sari@demo.saga');
    const line = logged({
      err: new Error('cannot send to wa_6281234567890 or +62 812-3456-7890', { cause }),
    });
    const text = JSON.stringify(line);
    expect(text).not.to.match(/81234567890|3456-7890|demo\.saga/);
    expect(text).to.include('cannot send to wa_[digits] or [digits]').and.include('no account [address]');
  });

  it('leaves ids, positions and numbers readable', () => {
    const fields = {
      ticketId: '01890a5d-ac96-774b-bcce-b302099a8057',
      eventId: '00000000-0000-7000-8000-123456789012',
      position: '0000123456789',
      migration: '20261120_0000_roles.sql',
      milliseconds: 1_234_567_890,
      revision: 12345678901n,
    };
    expect(logged(fields)).to.include({ ...fields, revision: '12345678901' });
  });

  it('says why a view stopped, without a number in it', () => {
    const line = logged({ view: 'inbox', because: 'UndecodableEvent 22021 wa_6281234567890' });
    expect(line['because']).to.equal('UndecodableEvent 22021 wa_[digits]');
    expect(line).not.to.have.property('dropped');
  });

  it('prints every field that the program names', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.ts'),
    );
    const names = sources.flatMap((path) =>
      [
        ...readFileSync(`src/${path}`, 'utf8').matchAll(
          /\blog(?:ger)?\.(?:info|warn|error|debug)\(\s*\{([^{}()]*)\}/g,
        ),
      ].flatMap(([, members = '']) =>
        members
          .split(',')
          .map((member) => (member.split(':')[0] ?? '').trim())
          .filter((name) => /^\w+$/.test(name)),
      ),
    );
    expect(names.length).to.be.greaterThan(100);
    const dropped = [...new Set(names)].filter((name) => !(name in logged({ [name]: 1 })));
    expect(dropped).to.deep.equal([]);
  });

  it('does not fall for nested objects: their content is dropped', () => {
    const line = logged({ error: 'plain', fields: { phone: '6281234567890' } });
    expect(line['error']).to.equal('plain');
    expect(line['dropped']).to.deep.equal(['fields']);
  });
});
