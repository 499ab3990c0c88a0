import { expect } from 'chai';
import { escalatedText, maskedName, waitingText } from '../../../src/domain/notifications/staff-group.ts';

describe('what a group of staff reads', () => {
  it('names nobody', () => {
    expect(['Budi Santoso', 'ani', '+62 812', '', null].map(maskedName)).to.deep.equal([
      ...['B*** S***', 'A***', 'Pelanggan', 'Pelanggan', 'Pelanggan'],
    ]);
    expect(escalatedText({ division: 'sari', name: 'Budi' }))
      .to.include('- SARI: B***')
      .and.not.to.include('Budi');
  });
  it('says how many wait, and names at most ten', () => {
    const customers = Array.from({ length: 12 }, () => ({ division: 'savi', name: 'Ani' }));
    const text = waitingText(15, customers);
    expect(text).to.include('lebih dari 15 menit: 12 pelanggan').and.include('dan 2 lagi');
    expect(text.match(/SAVI/g)).to.have.length(10);
    expect(waitingText(15, customers.slice(0, 1))).not.to.include('lagi');
  });
});
