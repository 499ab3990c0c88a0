/** A cell of a workbook: nothing that a customer wrote may run as a formula (OWASP, 'CSV Injection'). */
import type { Cell, CellFormat } from '../../ports.ts';

/** Excel shows no more characters. */
const MOST_CHARACTERS = 32_000;
/** Also after blanks and control characters, and full-width: programs that import the file ignore both. */
const DANGEROUS = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r\n\0]/u;
/** A phone number stays as it is: as a formula it is only a number. */
const PHONE = /^\+\d{5,20}$/;
/** How a workbook encodes a character by its number; Excel shows the character (ECMA-376, 22.9.2.19). */
const ENCODED = /_x([0-9a-f]{4})_/gi;
/** XML cannot hold these characters. */
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const asExcelShows = (text: string): string =>
  text.replaceAll(ENCODED, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

/** The text for a cell: with an apostrophe in front where a spreadsheet could read a formula. */
export function harmless(text: string): string {
  const short = text.slice(0, MOST_CHARACTERS);
  const written = short.replaceAll(UNWRITABLE, '').toWellFormed();
  return DANGEROUS.test(asExcelShows(short)) && !PHONE.test(written) ? `'${written}` : written;
}

export const NUMBER_FORMATS: Readonly<Record<CellFormat, string>> = {
  text: '@',
  count: '#,##0',
  decimal: '#,##0.00',
  figure: '#,##0.00',
  percent: '0.0"%"',
  rupiah: '"Rp" #,##0',
  day: 'dd/mm/yyyy',
  moment: 'dd/mm/yyyy hh:mm',
};

/** @returns what exceljs takes; undefined: an empty cell */
export function cellValue(value: Cell, format: CellFormat): string | number | Date | undefined {
  if (value === null) return undefined;
  if (typeof value === 'number') return value;
  // A workbook has no time zones: it shows the hour as it is stored.
  if (format === 'day') return new Date(`${value}T00:00:00Z`);
  if (format === 'moment') return new Date(`${value}Z`);
  return harmless(value);
}
