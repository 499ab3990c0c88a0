import type { Statement, StatementText } from '../../../src/ports.ts';

/** A statement that a test wrote by hand: nothing checks `Row`. The product makes its statements in src/engine/sql. */
export const unchecked = <Row extends object>(statement: StatementText): Statement<Row> =>
  statement as Statement<Row>;
