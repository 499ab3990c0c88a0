/**
 * Stored events are a format for ever: an example of each type and version, never edited, must decode
 * (docs/design/architecture.md#shape-of-an-aggregate).
 */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { decode, EVENTS } from '../../src/domain/codec.ts';

const STORED = JSON.parse(readFileSync('test/domain/stored/events.json', 'utf8')) as Record<string, object>;

const ID = '019a9d1e-7c00-7000-8000-000000000001';

describe('the stored format', () => {
  it('has an example of every event in every version there ever was', () => {
    const wanted = [...EVENTS.values()].flatMap(({ type, version }) =>
      Array.from({ length: version }, (_, n) => `${type}.v${String(n + 1)}`),
    );
    expect(Object.keys(STORED).sort()).to.deep.equal(wanted.sort());
  });

  for (const [name, data] of Object.entries(STORED)) {
    it(`reads ${name}`, () => {
      const [type = '', version = ''] = name.split('.v');
      const metadata = {
        actor: { kind: 'system', process: 'test' },
        correlationId: ID,
        causationId: ID,
        requestId: ID,
        at: '2026-07-03T10:30:00.000Z',
        schemaVersion: Number(version),
      };
      const read = decode({ id: ID, stream: 's', revision: 0n, position: '1', type, data, metadata });
      // What an old version became is for its upcaster's own test; the newest is read as it was written.
      if (Number(version) === EVENTS.get(type)?.version) expect(read.data).to.deep.equal(data);
    });
  }
});
