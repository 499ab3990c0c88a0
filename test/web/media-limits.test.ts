/** What the dashboard refuses before an upload is what the API would refuse, and no more (docs/design/api.md#files-to-a-customer). */
import { expect } from 'chai';
import { carriedAs } from '../../src/domain/media/outgoing.ts';
import { CHANNELS } from '../../src/domain/vocabulary.ts';
import { kindOf, refusalOf, takesFiles } from '../../web/src/media/limits.ts';

const TYPES = [
  ...['jpeg', 'png', 'webp', 'gif', 'heic'].map((type) => `image/${type}`),
  ...['aac', 'amr', 'mpeg', 'mp4', 'ogg', 'wav'].map((type) => `audio/${type}`),
  ...['mp4', '3gpp', 'quicktime', 'webm'].map((type) => `video/${type}`),
  'application/pdf',
  'text/plain',
];
const SIZES = [0, 1, 5, 8, 10, 16, 25, 50, 100].flatMap((mb) => [mb * 1_000_000, mb * 1_000_000 + 1]);
const NAMES = ['foto', 'pasang.exe', 'SKRIP.SH', 'laporan.pdf', 'halaman.html'];

describe('the limits of files in the dashboard', () => {
  for (const channel of CHANNELS)
    it(`are those of the API for ${channel}`, () => {
      for (const type of TYPES)
        for (const size of SIZES)
          for (const name of NAMES) {
            const carried = carriedAs(channel, { mimeType: type, size, name, runs: false });
            const said = refusalOf(channel, { type, size, name });
            const about = `${channel} ${type} ${String(size)} ${name}: ${String(said)}`;
            expect(said !== null, about).to.equal('reason' in carried);
            if ('kind' in carried) expect(kindOf(channel, type), about).to.equal(carried.kind);
          }
    });

  it('leave a type that the browser does not know to the API', () => {
    expect(refusalOf('instagram', { type: '', size: 1, name: 'foto.jpg' })).to.equal(null);
  });

  it('offer no files where the channel takes none', () => {
    for (const channel of CHANNELS)
      expect(takesFiles(channel), channel).to.equal(
        TYPES.some(
          (type) => 'kind' in carriedAs(channel, { mimeType: type, size: 1, name: null, runs: false }),
        ),
      );
  });
});
