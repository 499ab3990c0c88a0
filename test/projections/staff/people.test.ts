import { expect } from 'chai';
import fc from 'fast-check';
import { catalogueStream } from '../../../src/domain/settings/tag-catalogue.ts';
import { DEFAULT_PRIVILEGES } from '../../../src/domain/staff/privileges.ts';
import { roleStream } from '../../../src/domain/staff/role.ts';
import { userStream } from '../../../src/domain/staff/user.ts';
import { countedPrefixes, isCounted, prefixesOf, termsOf } from '../../../src/projections/tickets/search.ts';
import { preview } from '../../../src/engine/sql/postgres-text.ts';
import { listTags } from '../../../src/projections/settings/tags.ts';
import { allRolePrivileges, listUsers, rolePrivileges } from '../../../src/projections/staff/users.ts';
import { customerOf, type Desk, inDivision, openDesk, registered, uuid } from '../desk.ts';

const ANI = uuid(2);

describe('staff, roles, tags and customers', () => {
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
    await desk.append(...registered(ANI, 'Ani'));
    await desk.append(...registered(uuid(3), 'budi', 'savi'));
    await desk.settled();
  });
  after(() => desk.close());
  const member = async () => (await listUsers(desk.postgres.writes)).find(({ id }) => id === ANI);
  const user = (event: Parameters<Desk['append']>[1]) =>
    desk.append(userStream(ANI), event).then(() => desk.settled());

  it('lists everybody by name', async () => {
    expect(await member()).to.include({ active: true, presence: 'offline', division: 'sari' });
    expect((await listUsers(desk.postgres.writes)).map(({ name }) => name)).to.deep.equal(['Ani', 'budi']);
  });

  it('says what somebody may: role, plus granted, less revoked, and never what a viewer must not', async () => {
    const may = async (): Promise<readonly string[]> => [...((await member())?.privileges ?? [])];
    expect(await may()).to.have.members(DEFAULT_PRIVILEGES.sales_agent);
    await user({
      type: 'UserPrivilegesChanged',
      data: { userId: ANI, granted: ['export'], revoked: ['tag'] },
    });
    expect(await may())
      .to.include('export')
      .and.not.include('tag');
    await desk.append(roleStream('sales_agent'), {
      type: 'RolePrivilegesSet',
      data: { role: 'sales_agent', privileges: ['inbox_read'] },
    });
    await desk.settled();
    expect(await may()).to.have.members(['inbox_read', 'export']);
    expect(await rolePrivileges(desk.postgres.writes, 'sales_agent')).to.deep.equal(['inbox_read']);
    expect((await allRolePrivileges(desk.postgres.writes)).viewer).to.deep.equal(DEFAULT_PRIVILEGES.viewer);
    await user({
      type: 'UserPrivilegesChanged',
      data: { userId: ANI, granted: ['internal_read'], revoked: [] },
    });
    await user({ type: 'UserRoleChanged', data: { userId: ANI, role: 'viewer' } });
    expect(await may()).to.not.include('internal_read');
  });

  it('follows names, addresses, divisions, passwords, presence, capacity and deactivation', async () => {
    await user({ type: 'UserRenamed', data: { userId: ANI, name: 'Ani \u0000B' } });
    await user({ type: 'UserEmailChanged', data: { userId: ANI, email: 'baru@demo.saga' } });
    await user({ type: 'UserPasswordChanged', data: { userId: ANI, passwordHash: 'other' } });
    await user({ type: 'UserMoved', data: { userId: ANI, division: 'safia' } });
    await user({ type: 'PresenceChanged', data: { userId: ANI, status: 'online' } });
    await user({ type: 'UserCapacitySet', data: { userId: ANI, maxActiveTickets: 7 } });
    expect(await member()).to.include({
      name: 'Ani \uFFFDB',
      email: 'baru@demo.saga',
      division: 'safia',
      presence: 'online',
    });
    await user({ type: 'UserDeactivated', data: { userId: ANI } });
    expect(await member()).to.include({ active: false, presence: 'offline' });
    const [row] = await desk.rows<{ n: number }>(
      'select max_active_tickets as n from read.users where id = $1',
      [ANI],
    );
    expect(row?.n).to.equal(7);
  });

  it('lists the tags of the catalogue by name', async () => {
    for (const [n, name] of [
      [5, 'vip'],
      [6, 'Promo'],
    ] as const)
      await desk.append(catalogueStream('tags'), {
        type: 'TagDefined',
        data: { tagId: uuid(n), name, color: '#ff0000', kind: 'custom' },
      });
    await desk.settled();
    expect(JSON.parse(await listTags(desk.postgres.reads, inDivision('sari')))).to.deep.equal([
      { id: uuid(6), name: 'Promo', color: '#ff0000', type: 'custom' },
      { id: uuid(5), name: 'vip', color: '#ff0000', type: 'custom' },
    ]);
  });

  it('knows how a channel names a customer', async () => {
    await desk.append(...customerOf('savi', uuid(9), '62811'));
    await desk.settled();
    expect(await desk.rows('select division, channel_user_id from read.customers')).to.deep.equal([
      { division: 'savi', channel_user_id: 'wa_62811' },
    ]);
  });
});

describe('search words', () => {
  it('are lower case without accents, each once, with the digits of the phone', () => {
    expect(termsOf('  Bùdi BUDI-Santoso, S.E. ', '+62 812-3')).to.deep.equal([
      'budi',
      'santoso',
      's',
      'e',
      '628123',
    ]);
    expect(termsOf(null, null)).to.deep.equal([]);
  });
  it('of a query: a number in any spelling, else words that do not imply each other', () => {
    for (const q of ['0812 3', '+62 (812) 3', '628123', '8123'])
      expect(prefixesOf(q), q).to.deep.equal(['628123']);
    expect(prefixesOf('bu Budi sán')).to.deep.equal(['budi', 'san']);
    expect(prefixesOf('...')).to.deep.equal([]);
  });
  it('of a query with a plus: the number as it is, whatever its country', () => {
    expect(prefixesOf('+886 912')).to.deep.equal(['886912']);
    expect(termsOf(null, '+886912345')).to.include('886912345');
  });
  it('of a number as it was copied: any dash, blank or mark of the writing direction', () => {
    for (const q of [
      '\u202a+62 812\u20113456\u202c',
      '0812–3456',
      '\u200e0812\u00a03456',
      '０８１２３４５６',
    ])
      expect(prefixesOf(q), q).to.deep.equal(['628123456']);
  });
  it('find a number, in a name or a phone, by everything it begins with', () => {
    const found = (query: string, terms: readonly string[]): boolean =>
      prefixesOf(query).every((prefix) => terms.some((term) => term.startsWith(prefix)));
    const digits = fc.stringMatching(/^[0-9]{1,40}$/);
    fc.assert(
      fc.property(digits, fc.nat(), (number, cut) => {
        const beginning = number.slice(0, 1 + (cut % number.length));
        expect(found(beginning, termsOf(`Toko ${number}`, null)), 'number in a name').to.equal(true);
        expect(found(`toko ${beginning}`, termsOf(`Toko ${number}`, null)), 'with a word').to.equal(true);
        expect(found(beginning, termsOf(`${number}toko`, null)), 'before a word').to.equal(true);
        expect(found(`0${beginning}`, termsOf(null, `+62${number}`)), 'phone').to.equal(true);
        expect(found(`+${beginning}`, termsOf(null, `+${number}`)), 'any country').to.equal(true);
        expect(found(beginning, termsOf(null, `+${number}`)), 'any country, without its plus').to.equal(true);
      }),
    );
  });
  it('count a ticket once for each prefix', () => {
    expect(countedPrefixes(['ab', 'abc'])).to.have.members(['a', 'ab', 'abc']);
    expect(countedPrefixes(['6281234567'])).to.have.length(7);
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-c]{1,32}$/), (term) => {
        const beginnings = Array.from(term, (_, index) => term.slice(0, index + 1));
        expect(countedPrefixes([term])).to.have.members(beginnings.filter(isCounted));
      }),
      { examples: [['12345678ab']] },
    );
  });
  it('a preview is one line, short, and cuts no character in two', () => {
    expect(preview(' a\n\tb ')).to.equal('a b');
    const long = preview('😀'.repeat(500));
    expect([...long]).to.have.length(160);
    expect(long.isWellFormed()).to.equal(true);
    expect(preview(`${'x'.repeat(639)}😀`).isWellFormed()).to.equal(true);
  });
});
