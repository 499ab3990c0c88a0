/** An upload in a form, as Meta and Telegram take it. */
import type { IncomingMessage } from 'node:http';

export interface TakenUpload {
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Buffer;
  /** The other fields of the form. */
  readonly fields: Readonly<Record<string, string>>;
}

/** @param field that holds the file. @returns undefined: no form, or none with this file */
export async function takeUpload(req: IncomingMessage, field: string): Promise<TakenUpload | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const headers = { 'content-type': req.headers['content-type'] ?? '' };
  const form = await new Response(Buffer.concat(chunks), { headers }).formData().catch(() => undefined);
  const file = form?.get(field);
  if (!form || typeof file !== 'object' || file === null) return undefined;
  const fields = [...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
  return {
    name: file.name,
    mimeType: file.type,
    bytes: Buffer.from(await file.arrayBuffer()),
    fields: Object.fromEntries(fields) as Record<string, string>,
  };
}
