import pg from 'pg';

const INT8 = 20;
const DATE = 1082;

/** Counts, rupiahs and sequence numbers are int8 and fit a number; one that does not must not be rounded silently. */
function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('an int8 column holds more than a number can');
  return value;
}

/** int8 as number, date as 'YYYY-MM-DD' (a day has no time zone); everything else as pg does it. */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (format !== 'binary' && oid === INT8) return safeInteger;
    if (format !== 'binary' && oid === DATE) return (text: string) => text;
    // pg hands over the oid of any type; its enum has only the built-in ones.
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
    return pg.types.getTypeParser(oid, format) as (text: string) => unknown;
  }) as typeof pg.types.getTypeParser,
};
