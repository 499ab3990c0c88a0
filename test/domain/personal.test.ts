import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { EVENTS } from '../../src/domain/codec.ts';
import { erasedClear, separatePersonal, PERSONAL } from '../../src/domain/personal.ts';
import { ERASED } from '../../src/domain/vocabulary.ts';

const STORED = JSON.parse(readFileSync('test/domain/stored/events.json', 'utf8')) as Record<
  string,
  Record<string, unknown>
>;

/** Personal fields of staff: they are no customers, and their names stay on what they did. */
const OF_STAFF = ['TelegramLinked', 'UserRegistered', 'UserRenamed', 'UserEmailChanged'];

const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

describe('personal fields', () => {
  it('belong to a customer or to staff, in every event there is', () => {
    const withPersonal = [...EVENTS.values()].filter(({ personal }) => personal.length > 0);
    const ofNobody = withPersonal.map(({ type }) => type).filter((type) => !PERSONAL.has(type));
    expect(ofNobody.filter((type) => !OF_STAFF.includes(type))).to.deep.equal([]);
  });

  for (const kind of PERSONAL.values()) {
    const { type, version, data: schema, personal: fields } = kind.definition;
    it(`${type}: without them it still is what its schema wants, and says nothing`, () => {
      const example = STORED[`${type}.v${String(version)}`] ?? {};
      // Every field filled: an example may have left some empty.
      const data = {
        ...example,
        ...Object.fromEntries(
          fields.flatMap((field) =>
            ['131026 rahasia Budi', [{ field: 'x', from: 'rahasia', to: 'rahasia' }], { x: 'rahasia' }]
              // And is kept as it is: members that a schema does not know are no values of it.
              .filter((value) => {
                const read = schema.safeParse({ ...example, [field]: value }).data as object | undefined;
                return isDeepStrictEqual(Reflect.get(read ?? {}, field), value);
              })
              .slice(0, 1)
              .map((value) => [field, value] as const),
          ),
        ),
      };
      const { personal, rest } = separatePersonal(kind, data);
      expect(schema.parse(rest)).to.deep.equal(rest);
      const left = JSON.stringify(fields.map((field) => rest[field])).replaceAll(ERASED, '');
      // Kinds, codes and names of fields are no words of anybody.
      expect(left).not.to.include('rahasia');
      for (const text of textsIn(fields.map((field) => data[field])).filter((one) => one.includes(' ')))
        expect(left).not.to.include(text);
      expect(schema.parse({ ...rest, ...personal })).to.deep.equal(data);
    });
  }

  it('with nothing in them are left as they are', () => {
    const kind = PERSONAL.get('TicketReopened');
    const data = { ticketId: 'x', reason: null };
    expect(kind && separatePersonal(kind, data)).to.deep.equal({ personal: null, rest: data });
  });

  it('are taken out of what an older program wrote in clear, and nothing else is', () => {
    const change = (field: string, to: string | number) => ({ field, from: null, to });
    const kind = PERSONAL.get('CrmUpdated');
    const old = { changes: [change('origin_city', 'Kampung'), change('deal_value', 5)], words: [] };
    expect(kind && erasedClear(kind, old)).to.deep.equal({
      changes: [{ field: 'origin_city', from: null, to: null }, change('deal_value', 5)],
      words: [],
    });
    const plain = { changes: [change('deal_value', 5)], words: [] };
    expect(kind && erasedClear(kind, plain)).to.equal(plain);
    const tagged = PERSONAL.get('TicketTagged');
    expect(tagged && erasedClear(tagged, { tag: 'tetangga' })).to.deep.equal({ tag: ERASED });
  });

  it('keep of a failed delivery the code that blasts are judged by', () => {
    const kind = PERSONAL.get('DeliveryReported');
    expect(kind && separatePersonal(kind, { error: '131026 not for 6281234567890' }).rest).to.deep.equal({
      error: '131026',
    });
  });
});
