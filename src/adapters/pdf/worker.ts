/** The thread that makes a PDF: laying a document out takes the event loop a second and more. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import pdfMake from 'pdfmake';
import type { Document } from '../../ports.ts';
import type { FromWorker } from '../files/run-in-worker.ts';
import { layout } from './layout.ts';
import { legibly } from './legible.ts';

const port = parentPort;
if (!port) throw new Error('this module is a worker');
const tell = (message: FromWorker, transfer: ArrayBuffer[] = []): void => {
  port.postMessage(message, transfer);
};

const folder = join(
  dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')),
  'fonts',
  'Roboto',
);
const font = (name: string): string => join(folder, `Roboto-${name}.ttf`);
const FONTS = {
  normal: font('Regular'),
  bold: font('Medium'),
  italics: font('Italic'),
  bolditalics: font('MediumItalic'),
};
const OURS: ReadonlySet<string> = new Set(Object.values(FONTS));

pdfMake.setFonts({ Roboto: FONTS });
// Whatever a text may name (CVE-2026-26801): nothing is fetched, and no file is read but our own fonts.
pdfMake.setUrlAccessPolicy(() => false);
pdfMake.setLocalAccessPolicy((path) => OURS.has(path));

async function make(document: Document): Promise<void> {
  const made = await pdfMake.createPdf(layout(legibly(document))).getBuffer();
  const bytes = new Uint8Array(made);
  tell({ kind: 'bytes', bytes }, [bytes.buffer]);
  tell({ kind: 'end' });
}

port.on('message', (document: Document) => {
  make(document).catch((error: unknown) => {
    tell({ kind: 'failed', message: error instanceof Error ? error.message : 'the document cannot be made' });
  });
});
