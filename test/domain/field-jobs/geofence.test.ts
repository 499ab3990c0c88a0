import { expect } from 'chai';
import fc from 'fast-check';
import { distanceMetres, judgePlace } from '../../../src/domain/field-jobs/geofence.ts';

const monas = { lat: -6.1754, lng: 106.8272 };
const place = { ...monas, radius: 150 };
/** So many metres north of it. */
const north = (metres: number, accuracy: number) => ({
  lat: monas.lat + metres / 111_195.08,
  lng: monas.lng,
  accuracy,
});
const verdict = (metres: number, accuracy: number) => judgePlace(north(metres, accuracy), place).verdict;

const point = fc.record({
  lat: fc.double({ min: -90, max: 90, noNaN: true }),
  lng: fc.double({ min: -180, max: 180, noNaN: true }),
});
const accuracies = fc.double({ min: 0, max: 5_000, noNaN: true });

describe('whether a technician is where the job is', () => {
  it('measures as the map does', () => {
    // Monas to Bandung, Gedung Sate.
    expect(distanceMetres(monas, { lat: -6.9025, lng: 107.6188 })).to.be.closeTo(119_200, 500);
  });
  it('is in within the radius, and as far beyond as the phone may be wrong, at most 100 m', () => {
    expect(verdict(149, 5)).to.equal('in');
    expect(verdict(190, 45)).to.equal('in');
    expect(verdict(200, 45)).to.equal('out');
    expect(verdict(249, 100)).to.equal('in');
    expect(verdict(249, 1_300)).to.equal('in');
  });
  it('is unsure where a bad fix may be in or out, and where nobody can tell', () => {
    expect(verdict(300, 1_300)).to.equal('unsure');
    expect(verdict(1_449, 1_300)).to.equal('unsure');
    expect(verdict(1_460, 1_300)).to.equal('out');
    expect(judgePlace(null, place)).to.deep.equal({ distance: null, verdict: 'unsure' });
    expect(judgePlace(north(0, 5), null)).to.deep.equal({ distance: null, verdict: 'unsure' });
  });
  it('measures the same both ways, nothing from a point to itself, and no more than half the earth', () => {
    fc.assert(
      fc.property(point, point, (a, b) => {
        expect(distanceMetres(a, b)).to.be.closeTo(distanceMetres(b, a), 1e-6);
        expect(distanceMetres(a, a)).to.equal(0);
        expect(distanceMetres(a, b)).to.be.within(0, 20_015_115);
      }),
    );
  });
  it('a larger radius puts nobody out, and a better fix makes nobody unsure', () => {
    const order = { in: 0, unsure: 1, out: 2 };
    fc.assert(
      fc.property(fc.double({ min: 0, max: 3_000, noNaN: true }), accuracies, (metres, accuracy) => {
        const at = north(metres, accuracy);
        const [small, large] = [100, 300].map((radius) => judgePlace(at, { ...place, radius }).verdict);
        expect(order[large!]).to.be.at.most(order[small!]);
        if (accuracy <= 100) expect(judgePlace(at, place).verdict).not.to.equal('unsure');
      }),
    );
  });
});
