import { expect } from 'chai';
import ExcelJS from 'exceljs';
import fc from 'fast-check';
import { cellValue, harmless } from '../../../src/adapters/excel/cell.ts';
import { writeWorkbook } from '../../../src/adapters/excel/index.ts';
import { writeDocument } from '../../../src/adapters/pdf/index.ts';
import { drawn, roundUp } from '../../../src/adapters/pdf/charts.ts';
import { fit, fittingSize, textWidth } from '../../../src/adapters/pdf/ink.ts';
import { legible } from '../../../src/adapters/pdf/legible.ts';
import { FORMS } from '../../../src/domain/crm/forms.ts';
import { DIVISIONS } from '../../../src/domain/vocabulary.ts';
import type { Sheet } from '../../../src/ports.ts';
import { FORM_FIELDS } from '../../../src/projections/exports/rows/crm-columns.ts';
import { needsReaders, sheetsOf } from '../../support/observe/spreadsheet.ts';

const SIGNAL = new AbortController().signal;
async function bytesOf(made: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of made) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('cells of an export', () => {
  for (const text of [
    '=1+1',
    '+62 & co',
    '-1+2',
    '@SUM(A1)',
    '\t=1+1',
    '\r=1+1',
    '  =1+1',
    '\u00a0=1+1',
    '\u200b=1+1',
    '＝1+1',
    '\tteks',
    '\0=1+1',
    '+628123456789;=1',
    '_x003D_1+1',
    '_x0009__x003d_1',
  ])
    it(`never begin a formula: ${JSON.stringify(text)}`, () => {
      expect(harmless(text)).to.match(/^'/);
    });

  for (const text of ['Budi', '+6281234567890', 'no_x003D_no', 'a=b', '1-2', '', 'PT Maju & Co', '😀'])
    it(`stay as they are: ${JSON.stringify(text)}`, () => {
      expect(harmless(text)).to.equal(text);
    });

  it('hold nothing that XML cannot', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const written = harmless(text);
        expect(written.isWellFormed()).to.equal(true);
        expect(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(written)).to.equal(false);
      }),
    );
  });

  it('show days and hours as the clocks of the business do', () => {
    expect(cellValue('2026-07-03T17:30:00', 'moment')).to.deep.equal(new Date('2026-07-03T17:30:00Z'));
    expect(cellValue('2026-07-03', 'day')).to.deep.equal(new Date('2026-07-03T00:00:00Z'));
    expect(cellValue(null, 'rupiah')).to.equal(undefined);
  });
});

describe('a workbook', () => {
  const columns = [
    { heading: 'Nama', width: 20, format: 'text' },
    { heading: 'Nilai', width: 20, format: 'rupiah' },
    { heading: 'Hari', width: 12, format: 'day' },
  ] as const;

  it('opens in LibreOffice with every row, in order, and sums as they were given', async function () {
    needsReaders(this);
    this.timeout(90_000);
    const pages = Array.from({ length: 5 }, (_, page) =>
      JSON.stringify(
        Array.from({ length: 1_000 }, (_, n) => [`nama "${String(n)}", ya`, page * 1_000 + n, '2026-07-03']),
      ),
    );
    async function* sheets(): AsyncIterable<Sheet> {
      yield await Promise.resolve({ kind: 'table', name: 'Angka', columns, rows: pages });
    }
    const rows = (await sheetsOf(await bytesOf(writeWorkbook(sheets(), SIGNAL)))).get('Angka') ?? [];
    expect(rows).to.have.lengthOf(5_001);
    expect(rows[0]).to.deep.equal(['Nama', 'Nilai', 'Hari']);
    expect(rows[1]?.[0]).to.equal('nama "0", ya');
    const sum = rows.slice(1).reduce((total, [, value]) => total + Number(value), 0);
    expect(sum).to.equal((5_000 * 4_999) / 2);
  });

  it('shows whole figures without decimals, next to those that have some', async () => {
    const figures = [{ heading: 'Nilai', width: 20, format: 'figure' }] as const;
    async function* sheets(): AsyncIterable<Sheet> {
      const rows = [JSON.stringify([[21], [2.5]])];
      yield await Promise.resolve({ kind: 'table', name: 'Angka', columns: figures, rows });
    }
    const book = new ExcelJS.Workbook();
    await book.xlsx.load((await bytesOf(writeWorkbook(sheets(), SIGNAL))).buffer as ArrayBuffer);
    const shown = [2, 3].map((row) => book.getWorksheet('Angka')?.getCell(row, 1).numFmt);
    expect(shown).to.deep.equal(['#,##0', '#,##0.00']);
  });

  it('fails as its rows do, and leaves no thread behind', async () => {
    async function* sheets(): AsyncIterable<Sheet> {
      yield await Promise.resolve({ kind: 'table', name: 'Angka', columns, rows: ['[["a",1,null]]'] });
      throw new Error('the rows went away');
    }
    const failed = await bytesOf(writeWorkbook(sheets(), SIGNAL)).then(
      () => null,
      (error: unknown) => error,
    );
    expect(failed).to.be.an('error').with.property('message', 'the rows went away');
  });

  it('ends when it has to stop', async () => {
    const stopping = new AbortController();
    async function* sheets(): AsyncIterable<Sheet> {
      stopping.abort();
      yield await new Promise<Sheet>(() => undefined);
    }
    const failed = await bytesOf(writeWorkbook(sheets(), stopping.signal)).then(
      () => 'made',
      (error: unknown) => (error as Error).message,
    );
    expect(failed).to.contain('stopped');
  });
});

describe('a document', () => {
  it('reads no file and fetches nothing, whatever its texts say', async function () {
    this.timeout(30_000);
    const bytes = await bytesOf(
      writeDocument(
        {
          title: 'Judul <image href="file:///etc/passwd"/>',
          cover: ['http://127.0.0.1:1/x.png'],
          footer: '',
          landscape: false,
          sections: [
            {
              kind: 'chart',
              title: 'Rute',
              chart: {
                kind: 'ranking',
                points: [{ label: '<image href="/etc/passwd"/> & "co"', value: 1, text: '1' }],
              },
            },
          ],
        },
        SIGNAL,
      ),
    );
    expect(Buffer.from(bytes.subarray(0, 5)).toString()).to.equal('%PDF-');
  });

  it('draws nothing as nothing: charts without a value', () => {
    for (const svg of [
      drawn(
        {
          kind: 'trend',
          labels: ['Jul'],
          bars: [{ name: 'Won', values: [0] }],
          line: { name: 'x', percents: [null] },
        },
        500,
      ),
      drawn({ kind: 'ranking', points: [] }, 500),
      drawn({ kind: 'columns', points: [] }, 500),
    ])
      expect(svg)
        .to.match(/^<svg.*<\/svg>$/)
        .and.not.to.match(/NaN|Infinity|undefined/);
  });

  it('shows one sign for what its font cannot draw, and leaves the rest as it is', () => {
    expect(legible('Ibu 👩‍👩‍👧 Łódź 王 ع')).to.equal('Ibu \ufffd Łódź \ufffd \ufffd');
    for (const text of ['Jakarta – Batam', 'Rp 1.500', 'José', 'Пётр', '<b>&"', 'Đặng…'])
      expect(legible(text)).to.equal(text);
    expect(legible('Jose\u0301\nA')).to.equal('José A');
  });

  it('keeps long words in capitals, and large sums, within their room', () => {
    for (const text of ['W'.repeat(100), 'JAKARTA SELATAN '.repeat(8), 'm'.repeat(100)])
      expect(textWidth(fit(text, 200, 8), 8)).to.be.at.most(200);
    expect(fit('Batam', 200, 8)).to.equal('Batam');
    const sum = 'Rp 9.007.199.254.740.991';
    expect(textWidth(sum, fittingSize(sum, 108, 14))).to.be.at.most(108);
    expect(fittingSize('21', 108, 14)).to.equal(14);
  });

  it('ends an axis where four steps are whole numbers to read', () => {
    expect([0, 3, 4, 5, 9, 11, 50, 101, 99_574].map(roundUp)).to.deep.equal([
      4, 4, 4, 8, 12, 12, 60, 120, 100_000,
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 9 }), (value) => {
        expect(roundUp(value)).to.be.at.least(value);
        expect(roundUp(value) % 4).to.equal(0);
      }),
    );
  });
});

describe('the columns of the CRM forms', () => {
  for (const division of DIVISIONS)
    it(`have one for every field of ${division}`, () => {
      const { fields, groups } = FORMS[division];
      const wanted = [
        ...Object.keys(fields),
        ...Object.entries(groups).flatMap(([group, { members }]) => members.map((one) => `${group}.${one}`)),
      ];
      expect(FORM_FIELDS[division].map(([name]) => name)).to.deep.equal(wanted);
    });
});
