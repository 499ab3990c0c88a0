/** Workbooks and documents for people, made from plain descriptions of their content. */

/** The format of a cell. `day`: 'YYYY-MM-DD'; `moment`: 'YYYY-MM-DDTHH:MM:SS' in the business time zone. `figure`: any number; a whole one has no decimals. */
export type CellFormat = 'text' | 'count' | 'decimal' | 'figure' | 'percent' | 'rupiah' | 'day' | 'moment';
export type Cell = string | number | null;

export interface SheetColumn {
  readonly heading: string;
  /** In characters. */
  readonly width: number;
  readonly format: CellFormat;
}

/** A table with a filter; its headings stay visible. */
export interface TableSheet {
  readonly kind: 'table';
  readonly name: string;
  readonly columns: readonly SheetColumn[];
  /** JSON text of an array of rows each, a row being an array of cells in the order of the columns. */
  readonly rows: AsyncIterable<string> | Iterable<string>;
}

/** A sheet of text: what the file is, and what its terms mean. */
export interface CoverSheet {
  readonly kind: 'cover';
  readonly name: string;
  readonly title: string;
  readonly parts: readonly {
    readonly heading: string;
    readonly lines: readonly (readonly [label: string, text: string])[];
  }[];
}

export type Sheet = TableSheet | CoverSheet;

/** Vectors, drawn by the writer. Values are plain numbers; `text` is how one is shown. */
export type Chart =
  /** Pairs of bars next to each other, and a line of percentages over them. */
  | {
      readonly kind: 'trend';
      readonly labels: readonly string[];
      readonly bars: readonly { readonly name: string; readonly values: readonly number[] }[];
      readonly line: { readonly name: string; readonly percents: readonly (number | null)[] };
    }
  /** Horizontal bars, the first on top. */
  | {
      readonly kind: 'ranking';
      readonly points: readonly {
        readonly label: string;
        readonly value: number;
        readonly text: string;
      }[];
    }
  /** Vertical bars. */
  | {
      readonly kind: 'columns';
      readonly points: readonly {
        readonly label: string;
        readonly value: number;
        readonly text: string;
      }[];
    };

export interface DocumentTable {
  readonly headings: readonly string[];
  /** Share of the page's width of each column; they are scaled to fill it. */
  readonly widths: readonly number[];
  /** Columns with numbers are aligned right. */
  readonly numeric: readonly boolean[];
  readonly rows: readonly (readonly string[])[];
}

export type Section =
  | {
      readonly kind: 'figures';
      readonly title: string;
      readonly figures: readonly {
        readonly label: string;
        readonly value: string;
        /** Small, below: the period before. */
        readonly note: string;
      }[];
    }
  | { readonly kind: 'chart'; readonly title: string; readonly chart: Chart }
  | { readonly kind: 'table'; readonly title: string; readonly table: DocumentTable }
  | {
      readonly kind: 'words';
      readonly title: string;
      readonly lines: readonly (readonly [word: string, meaning: string])[];
    };

export interface Document {
  readonly title: string;
  /** Under the title: division, period, who and when. */
  readonly cover: readonly string[];
  /** At the foot of every page, next to its number. */
  readonly footer: string;
  readonly landscape: boolean;
  readonly sections: readonly Section[];
}

export interface ReportWriters {
  /**
   * The bytes of an .xlsx file, as they are made, away from this process' event loop. A text cell cannot be a formula.
   * @throws what `sheets` throws, and Error when the file cannot be made
   */
  workbook(sheets: AsyncIterable<Sheet>, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** The bytes of a PDF. @throws Error when it cannot be made */
  document(document: Document, signal: AbortSignal): AsyncIterable<Uint8Array>;
}
