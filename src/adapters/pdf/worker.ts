/** The thread that makes a PDF: the layout of a document would block the event loop for a second or more. */
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
const send = (message: FromWorker, transfer: ArrayBuffer[] = []): void => {
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
// A text may name an address or a file (CVE-2026-26801): nothing is fetched, and only our fonts are read.
pdfMake.setUrlAccessPolicy(() => false);
pdfMake.setLocalAccessPolicy((path) => OURS.has(path));

async function make(document: Document): Promise<void> {
  const made = await pdfMake.createPdf(layout(legibly(document))).getBuffer();
  const bytes = new Uint8Array(made);
  send({ kind: 'bytes', bytes }, [bytes.buffer]);
  send({ kind: 'end' });
}

port.on('message', (document: Document) => {
  make(document).catch((error: unknown) => {
    send({ kind: 'failed', message: error instanceof Error ? error.message : 'the document cannot be made' });
  });
});
