/** A document as pdfmake takes it: A4, headings that stay with what they head, page numbers. */
import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import type { Document, DocumentTable, Section } from '../../ports.ts';
import { drawn } from './charts.ts';
import { fittingSize, INK } from './ink.ts';

const MARGIN = 40;
const A4 = { long: 841.89, short: 595.28 };
const PER_ROW = 4;

/** Share of the page below which a heading and the first rows of its table do not fit. */
const FOOT_OF_PAGE = 0.85;

const heading = (text: string): Content => ({
  text,
  fontSize: 12,
  bold: true,
  color: INK.brand,
  margin: [0, 16, 0, 6],
});

/** Title and body on one page: no heading alone at the foot of a page. */
const together = (title: string, body: Content): Content => ({
  stack: [heading(title), body],
  unbreakable: true,
});

function figures({ title, figures: all }: Extract<Section, { kind: 'figures' }>, available: number): Content {
  const inside = available / PER_ROW - 20;
  const cell = (n: number): TableCell => {
    const one = all[n];
    if (!one) return { text: '', border: [false, false, false, false] };
    return {
      stack: [
        { text: one.label, fontSize: 8, color: INK.quiet },
        {
          text: one.value,
          noWrap: true,
          fontSize: fittingSize(one.value, inside, 14),
          bold: true,
          color: INK.text,
          margin: [0, 2, 0, 1],
        },
        { text: one.note, fontSize: 7, color: INK.quiet },
      ],
      fillColor: INK.faint,
      margin: [4, 4, 4, 4],
    };
  };
  const body: TableCell[][] = [];
  for (let n = 0; n < all.length; n += PER_ROW)
    body.push(Array.from({ length: PER_ROW }, (_, k) => cell(n + k)));
  return together(title, {
    table: { widths: Array.from({ length: PER_ROW }, () => '*'), body },
    layout: {
      hLineWidth: () => 4,
      vLineWidth: () => 4,
      hLineColor: () => '#ffffff',
      vLineColor: () => '#ffffff',
    },
  });
}

function table({ headings, widths, numeric, rows }: DocumentTable, available: number): Content {
  const sum = widths.reduce((a, b) => a + b, 0);
  // Blanks left and right of each cell, and lines between.
  const free = available - widths.length * 8 - 2;
  const alignment = (n: number) => (numeric[n] === true ? ('right' as const) : ('left' as const));
  return {
    table: {
      headerRows: 1,
      dontBreakRows: true,
      keepWithHeaderRows: 1,
      widths: widths.map((share) => (free * share) / sum),
      body: [
        headings.map((text, n): TableCell => ({
          text,
          bold: true,
          color: '#ffffff',
          fillColor: INK.brand,
          fontSize: 8,
          alignment: alignment(n),
        })),
        ...rows.map((row) =>
          row.map((text, n): TableCell => ({ text, fontSize: 8, color: INK.text, alignment: alignment(n) })),
        ),
      ],
    },
    layout: {
      hLineWidth: () => 0.5,
      vLineWidth: () => 0,
      hLineColor: () => INK.line,
      paddingLeft: () => 4,
      paddingRight: () => 4,
      paddingTop: () => 3,
      paddingBottom: () => 3,
      fillColor: (row) => (row > 0 && row % 2 === 0 ? INK.faint : null),
    },
  };
}

function contentOf(section: Section, available: number): Content[] {
  switch (section.kind) {
    case 'figures':
      return [figures(section, available)];
    case 'chart':
      return [together(section.title, { svg: drawn(section.chart, available), width: available })];
    case 'table':
      return [
        { ...(heading(section.title) as object), headlineLevel: 1 } as Content,
        table(section.table, available),
      ];
    case 'words':
      return [
        together(section.title, {
          stack: section.lines.map(([word, meaning]) => ({
            // pdfmake's own style; the rule takes it for the old `String.bold`.
            // eslint-disable-next-line @typescript-eslint/no-deprecated
            text: [{ text: `${word}: `, bold: true }, meaning],
            fontSize: 8,
            color: INK.quiet,
            margin: [0, 0, 0, 3] as [number, number, number, number],
          })),
        }),
      ];
  }
}

export function layout({ title, cover, footer, landscape, sections }: Document): TDocumentDefinitions {
  const available = (landscape ? A4.long : A4.short) - 2 * MARGIN;
  return {
    pageSize: 'A4',
    pageOrientation: landscape ? 'landscape' : 'portrait',
    pageMargins: [MARGIN, 40, MARGIN, 46],
    info: { title, producer: 'saga-backend', creator: 'saga-backend' },
    language: 'id-ID',
    defaultStyle: { font: 'Roboto', fontSize: 9, color: INK.text },
    footer: (page, pages) => ({
      columns: [
        { text: footer, fontSize: 7, color: INK.quiet },
        {
          text: `Halaman ${String(page)} dari ${String(pages)}`,
          fontSize: 7,
          color: INK.quiet,
          alignment: 'right',
          width: 90,
        },
      ],
      margin: [MARGIN, 16, MARGIN, 0],
    }),
    content: [
      { text: title, fontSize: 20, bold: true, color: INK.brand },
      ...cover.map((text): Content => ({ text, fontSize: 9, color: INK.quiet, margin: [0, 3, 0, 0] })),
      {
        canvas: [{ type: 'line', x1: 0, y1: 8, x2: available, y2: 8, lineWidth: 1.2, lineColor: INK.brand }],
      },
      ...sections.flatMap((section) => contentOf(section, available)),
    ],
    // A heading goes to the page where its table begins; pdfmake names the page where the table was planned.
    pageBreakBefore: (node, following) =>
      node.headlineLevel === 1 &&
      (following.getFollowingNodesOnPage().length === 0 || node.startPosition.verticalRatio > FOOT_OF_PAGE),
  };
}
