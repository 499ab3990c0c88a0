import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createFiles } from '../../../src/adapters/files/files.ts';
import { detectMimeType, SOME_BYTES } from '../../../src/adapters/files/detect-mime-type.ts';
import { FileTooLarge } from '../../../src/ports.ts';
import { rejection } from '../../support/rejection.ts';

async function* chunks(...parts: string[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield await Promise.resolve(Buffer.from(part));
}

describe('files on disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'saga-files-'));
  const files = createFiles(folder);
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const names = (): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);
  const read = async (key: string): Promise<string | null> => {
    const found = await files.open(key);
    if (!found) return null;
    let text = '';
    for await (const chunk of found.content) text += String(chunk);
    expect(Buffer.byteLength(text)).to.equal(found.size);
    return text;
  };

  it('gives back what was written, with its size, hash and type', async () => {
    const written = await files.write('media/abcdefgh-0', chunks('%PDF', '-1.7 ', 'isi'), 100);
    expect(written).to.deep.equal({
      size: 12,
      sha256: createHash('sha256').update('%PDF-1.7 isi').digest('hex'),
      mimeType: 'application/pdf',
      runs: false,
    });
    expect(await read('media/abcdefgh-0')).to.equal('%PDF-1.7 isi');
    expect(await files.look('media/abcdefgh-0')).to.deep.equal(written);
    expect(await files.look('media/nothing-here-0')).to.equal(null);
  });

  it('replaces whole files, and keeps nothing of one that broke off or was too large', async () => {
    await files.write('media/replaced-0', chunks('lama'), 100);
    await files.write('media/replaced-0', chunks('baru'), 100);
    expect(await read('media/replaced-0')).to.equal('baru');
    const before = names();
    expect(await rejection(files.write('media/replaced-0', chunks('terlalu', 'besar'), 8))).to.be.instanceOf(
      FileTooLarge,
    );
    async function* broken(): AsyncGenerator<Buffer> {
      yield await Promise.resolve(Buffer.from('half'));
      throw new Error('connection lost');
    }
    expect(await rejection(files.write('media/brokenoff-0', broken(), 8))).to.have.property(
      'message',
      'connection lost',
    );
    expect(names()).to.deep.equal(before);
    expect(await read('media/replaced-0')).to.equal('baru');
  });

  it('has no file of another name, and forgets what is removed', async () => {
    expect(await files.open('media/nothing-here')).to.equal(null);
    await files.write('media/removed-00', chunks('x'), 8);
    await files.remove('media/removed-00');
    await files.remove('media/removed-00');
    expect(await files.open('media/removed-00')).to.equal(null);
  });

  for (const key of [
    '../../etc/passwd',
    'media/../secrets.json',
    'media/a/b',
    '/etc/passwd',
    'media/UPPER-0000',
    'media/',
  ]) {
    it(`refuses the key ${key}`, async () => {
      expect(await rejection(files.open(key))).to.be.instanceOf(TypeError);
      expect(await rejection(files.write(key, chunks('x'), 8))).to.be.instanceOf(TypeError);
    });
  }

  for (const [hex, type] of [
    ['ffd8ffe0', 'image/jpeg'],
    ['89504e470d0a1a0a', 'image/png'],
    ['474946383961', 'image/gif'],
    ['524946460000000057454250', 'image/webp'],
    ['0000001866747970 6d703432', 'video/mp4'],
    ['0000001866747970 33677034', 'video/3gpp'],
    ['0000001866747970 4d344120', 'audio/mp4'],
    ['4f676753', 'audio/ogg'],
    ['494433', 'audio/mpeg'],
    ['fffb90', 'audio/mpeg'],
    ['fff150', 'audio/aac'],
    ['2321414d52', 'audio/amr'],
    ['504b0304 776f72642f', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    ['504b0304', 'application/zip'],
    [Buffer.from('nama;kota\nBudi;Batam').toString('hex'), 'text/plain'],
    ['0000001866747970 68656963', 'image/heic'],
    ['0000001866747970 6d696631', 'image/heif'],
    ['0000001866747970 61766966', 'image/avif'],
    ['0000001466747970 71742020', 'video/quicktime'],
    ['526172211a070100', 'application/vnd.rar'],
    ['377abcaf271c0004', 'application/x-7z-compressed'],
    ['1f8b0800', 'application/gzip'],
    ['49492a00', 'image/tiff'],
    ['4d4d002a', 'image/tiff'],
    [`424d460000000000000036000000 28000000 ${'00'.repeat(8)}`, 'image/bmp'],
    [Buffer.from('BM itu singkatan apa ya').toString('hex'), 'text/plain'],
    [Buffer.from('AC1027\0\0').toString('hex'), 'image/vnd.dwg'],
    [Buffer.from('\r\n\r\n%PDF-1.7').toString('hex'), 'application/pdf'],
    [Buffer.from('\ufeff%PDF-1.4').toString('hex'), 'application/pdf'],
    [Buffer.from('Isi surat: %PDF-1.4').toString('hex'), 'text/plain'],
    [Buffer.from('Kota;Penerima\nBatam;Jos\xe9\n', 'latin1').toString('hex'), 'text/plain'],
    [`fffe${Buffer.from('Kota;Berat', 'utf16le').toString('hex')}`, 'text/plain'],
    [`feff${Buffer.from('Kota', 'utf16le').swap16().toString('hex')}`, 'text/plain'],
    [`fffe${Buffer.from('<script>', 'utf16le').toString('hex')}`, SOME_BYTES],
    [Buffer.from('<?xml version="1.0"?><pib/>').toString('hex'), SOME_BYTES],
    [Buffer.from('<svg onload=x>').toString('hex'), SOME_BYTES],
    [Buffer.from(' \n<!DOCTYPE html>').toString('hex'), SOME_BYTES],
    [Buffer.from('#!/bin/sh').toString('hex'), SOME_BYTES],
    ['4d5a9000', SOME_BYTES],
    ['7f454c46', SOME_BYTES],
    ['c3e9f1a0b2c4d9', SOME_BYTES],
    ['', SOME_BYTES],
  ] as const) {
    it(`takes ${hex.slice(0, 60)} for ${type}`, () => {
      expect(detectMimeType(Buffer.from(hex.replaceAll(' ', ''), 'hex'))).to.equal(type);
    });
  }
});
