/** Every code an answer can carry, its status, what a person at the dashboard reads, and what it means. */
import { StreamNotWhole, UndecodableEvent } from '../../domain/codec.ts';
import { problem } from '../../domain/problems.ts';
import { isOfCustomer, isOfTicket } from '../../domain/projection-events.ts';
import { type Detail, Refusal } from '../../domain/refusals.ts';
import { EventTooLarge, StoreChanged, StoreUnavailable } from '../../ports.ts';
import { ADMINISTRATION_ERRORS } from './error-tables/administration.ts';
import { CAPACITY_ERRORS } from './error-tables/capacity.ts';
import { CHAT_ERRORS } from './error-tables/chat.ts';
import { EXPORT_ERRORS } from './error-tables/exports.ts';
import { FIELD_JOB_ERRORS } from './error-tables/field-jobs.ts';
import { INVOICE_ERRORS } from './error-tables/invoices.ts';
import { MESSAGE_ERRORS } from './error-tables/messages.ts';
import { SECOND_FACTOR_ERRORS } from './error-tables/second-factor.ts';
import { STAFF_FIELD_ERRORS } from './error-tables/field-staff.ts';
import { TICKET_ERRORS } from './error-tables/tickets.ts';
import { VISIT_ERRORS } from './error-tables/visits.ts';
import { InvalidCursor } from '../../engine/sql/keyset-pages.ts';
import type { ErrorCode } from './error-tables/error-codes.ts';

export type { ErrorCode, HttpErrorCode } from './error-tables/error-codes.ts';

export interface ErrorEntry {
  readonly status: 400 | 401 | 403 | 404 | 409 | 410 | 413 | 429 | 500 | 503;
  /** Indonesian, for the person at the dashboard. */
  readonly message: string;
  /** English, for the API documentation. */
  readonly meaning: string;
}

/** A code without a row does not compile. */
export const ERRORS: Readonly<Record<ErrorCode, ErrorEntry>> = {
  ...ADMINISTRATION_ERRORS,
  ...CAPACITY_ERRORS,
  ...CHAT_ERRORS,
  ...EXPORT_ERRORS,
  ...FIELD_JOB_ERRORS,
  ...INVOICE_ERRORS,
  ...MESSAGE_ERRORS,
  ...SECOND_FACTOR_ERRORS,
  ...STAFF_FIELD_ERRORS,
  ...TICKET_ERRORS,
  ...VISIT_ERRORS,
  VALIDATION_FAILED: {
    status: 400,
    message: 'Ada isian yang belum benar. Periksa kembali data yang dikirim.',
    meaning: 'A parameter or a member of the body is missing, unknown or wrong; `details` names each.',
  },
  MALFORMED_JSON: {
    status: 400,
    message: 'Isi permintaan bukan JSON yang benar.',
    meaning: 'The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 400,
    message: 'Format isi permintaan tidak didukung. Kirim sebagai JSON.',
    meaning: 'The body must be `application/json`, UTF-8, not compressed.',
  },
  BAD_REQUEST: {
    status: 400,
    message: 'Permintaan tidak dapat dibaca.',
    meaning: 'The address or a header is malformed.',
  },
  UNAUTHENTICATED: {
    status: 401,
    message: 'Silakan masuk terlebih dahulu.',
    meaning: 'No access token, or one that is not valid (any more).',
  },
  INVALID_CREDENTIALS: {
    status: 401,
    message: 'Email atau kata sandi salah.',
    meaning: 'Unknown e-mail, wrong password or deactivated account: they look alike.',
  },
  INVALID_REFRESH_TOKEN: {
    status: 401,
    message: 'Sesi tidak dikenal. Silakan masuk kembali.',
    meaning: 'This refresh token was never issued.',
  },
  CLIENT_HEADER_MISSING: {
    status: 403,
    message: 'Permintaan ini tidak berasal dari aplikasi Saga.',
    meaning:
      'The refresh token is in a cookie and the header `X-Saga-Client` is missing: any page can make a browser send the cookie.',
  },
  SESSION_REVOKED: {
    status: 401,
    message: 'Sesi Anda sudah berakhir. Silakan masuk kembali.',
    meaning:
      'The session was logged out, ran out, or was ended because a refresh token came again long after its use.',
  },
  INVALID_SIGNATURE: {
    status: 401,
    message: 'Tanda tangan permintaan tidak sah.',
    meaning: 'The signature of the webhook is missing or wrong.',
  },
  FORBIDDEN: {
    status: 403,
    message: 'Anda tidak memiliki izin untuk tindakan ini.',
    meaning: 'The caller lacks the privilege of this route.',
  },
  DIVISION_FORBIDDEN: {
    status: 403,
    message: 'Beda divisi. Anda tidak dapat mengakses data divisi ini.',
    meaning: 'The ticket or the filter belongs to a division the caller may not see.',
  },
  NOT_FOUND: {
    status: 404,
    message: 'Alamat tidak ditemukan.',
    meaning: 'There is no such route.',
  },
  CUSTOMER_NOT_FOUND: {
    status: 404,
    message: 'Pelanggan tidak ditemukan.',
    meaning: 'No customer with this id has a ticket in a division you may see.',
  },
  ATTACHMENT_NOT_FOUND: {
    status: 404,
    message: 'Lampiran tidak ditemukan.',
    meaning: 'The ticket has no such attachment, or its file is not here (yet).',
  },
  TICKET_NOT_FOUND: {
    status: 404,
    message: 'Tiket tidak ditemukan.',
    meaning: 'There is no ticket with this id.',
  },
  NOT_THERE_THEN: {
    status: 404,
    message: 'Pada saat itu tiket ini belum ada.',
    meaning: 'The ticket was not there at that moment, or it has no such revision (yet).',
  },
  NOTIFICATION_NOT_FOUND: {
    status: 404,
    message: 'Notifikasi tidak ditemukan.',
    meaning: 'There is no notification of yours with this id.',
  },
  SESSION_NOT_FOUND: {
    status: 404,
    message: 'Sesi tidak ditemukan.',
    meaning: 'There is no live session of yours with this id.',
  },
  PUSH_NOT_CONFIGURED: {
    status: 409,
    message: 'Notifikasi push belum diaktifkan di server ini.',
    meaning: 'The server has no VAPID keys, or no service account of Firebase for native apps.',
  },
  USER_NOT_FOUND: {
    status: 404,
    message: 'Pengguna tidak ditemukan.',
    meaning: 'There is no user with this id.',
  },
  TICKET_ALREADY_TAKEN: {
    status: 409,
    message: 'Tiket sudah diambil agent lain',
    meaning: 'The ticket is not FREE (any more).',
  },
  TICKET_CLOSED: {
    status: 409,
    message: 'Tiket sudah ditutup.',
    meaning: 'The ticket is closed; reopen it first.',
  },
  ALREADY_ASSIGNED: {
    status: 409,
    message: 'Tiket sudah ditugaskan kepada agent ini.',
    meaning: 'The ticket already belongs to this agent.',
  },
  ASSIGNEE_CHANGED: {
    status: 409,
    message: 'Penanggung jawab tiket sudah berubah. Muat ulang tiket ini.',
    meaning: '`from_agent` is not the assignee (any more).',
  },
  LOST_REASON_REQUIRED: {
    status: 400,
    message: 'Alasan wajib diisi untuk tahap Lost.',
    meaning: 'A ticket is Lost only with a `lost_reason`, in the request or stored before.',
  },
  VERSION_CONFLICT: {
    status: 409,
    message: 'Data tiket sudah diubah orang lain. Muat ulang, lalu simpan kembali.',
    meaning: 'The ticket has another `ETag` than the `If-Match` of the request.',
  },
  CUSTOMER_HAS_OPEN_TICKET: {
    status: 409,
    message: 'Pelanggan ini masih memiliki tiket lain yang terbuka.',
    meaning: 'A customer has one open ticket per division.',
  },
  AGENT_INACTIVE: {
    status: 409,
    message: 'Agent tersebut sudah tidak aktif.',
    meaning: 'The chosen agent is deactivated.',
  },
  NOT_AN_AGENT: {
    status: 409,
    message: 'Pengguna tersebut tidak dapat menangani tiket.',
    meaning: 'The chosen user cannot be given a ticket (viewer).',
  },
  TAG_NAME_TAKEN: {
    status: 409,
    message: 'Tag dengan nama ini sudah ada.',
    meaning: 'A tag of this name is in the catalogue.',
  },
  TAG_NOT_FOUND: {
    status: 404,
    message: 'Tag tidak ditemukan.',
    meaning: 'There is no tag with this id in the catalogue.',
  },
  TAG_OF_SYSTEM: {
    status: 409,
    message: 'Tag bawaan sistem tidak dapat dihapus.',
    meaning: 'The program itself puts this tag on tickets.',
  },
  TEMPLATE_NOT_FOUND: {
    status: 404,
    message: 'Template tidak ditemukan.',
    meaning: 'There is no template with this id.',
  },
  TEMPLATE_NAME_TAKEN: {
    status: 409,
    message: 'Template dengan nama dan bahasa ini sudah ada.',
    meaning: 'A template of this name and language is in the catalogue.',
  },
  TEMPLATE_NOT_USABLE: {
    status: 409,
    message: 'Template ini sedang tidak dapat digunakan.',
    meaning: 'The template is paused, rejected or disabled.',
  },
  BLAST_NOT_FOUND: {
    status: 404,
    message: 'Blast tidak ditemukan.',
    meaning: 'There is no blast with this id that you may see.',
  },
  BLAST_NOT_PENDING: {
    status: 409,
    message: 'Blast ini sudah diputuskan.',
    meaning: 'The blast was approved, rejected or cancelled already.',
  },
  BLAST_NOT_SENDING: {
    status: 409,
    message: 'Blast ini sedang tidak dikirim.',
    meaning: 'Only a blast that is approved or sending can be paused.',
  },
  BLAST_NOT_PAUSED: {
    status: 409,
    message: 'Blast ini tidak sedang dijeda.',
    meaning: 'Only a paused blast can be resumed.',
  },
  BLAST_OVER: {
    status: 409,
    message: 'Blast ini sudah selesai.',
    meaning: 'The blast is done, rejected or cancelled.',
  },
  BLAST_OWN_APPROVAL: {
    status: 403,
    message: 'Blast harus disetujui oleh orang lain, bukan pembuatnya.',
    meaning: 'Nobody approves their own blast.',
  },
  BLAST_RECIPIENTS_REFUSED: {
    status: 400,
    message: 'Ada penerima yang tidak dapat dikirimi blast ini.',
    meaning: '`details` names each: never wrote to us, or the same customer as another recipient.',
  },
  TAGGED_USER_CANNOT_READ: {
    status: 400,
    message: 'Pengguna yang ditandai tidak dapat membaca catatan tiket ini.',
    meaning: "The tagged user may not read this ticket's internal notes.",
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 409,
    message: 'Kunci permintaan ini sudah dipakai untuk permintaan lain.',
    meaning: 'The `Idempotency-Key` was used by this caller for another path or body.',
  },
  IDEMPOTENCY_KEY_IN_USE: {
    status: 409,
    message: 'Permintaan yang sama masih diproses. Coba lagi sebentar.',
    meaning: 'The first request with this `Idempotency-Key` is still running; see Retry-After.',
  },
  TICKET_NEEDS_ATTENTION: {
    status: 409,
    message: 'Tiket ini perlu diperiksa tim teknis. Tiket lain tetap dapat ditangani.',
    meaning:
      'An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: ' +
      'nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not ' +
      'kept for the `Idempotency-Key`.',
  },
  RECORD_NEEDS_ATTENTION: {
    status: 409,
    message: 'Data ini perlu diperiksa tim teknis.',
    meaning: 'As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.',
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    message: 'Data yang dikirim terlalu besar.',
    meaning:
      'The body has more bytes or members than this route takes, or its content is too large to be stored.',
  },
  RATE_LIMITED: {
    status: 429,
    message: 'Terlalu banyak permintaan. Coba lagi sebentar.',
    meaning: 'Over the limit per user, or per address without a token; see Retry-After.',
  },
  LOGIN_THROTTLED: {
    status: 429,
    message: 'Terlalu banyak percobaan masuk. Coba lagi nanti.',
    meaning:
      'Too many failures for this account from this address, or from this address at all; see Retry-After.',
  },
  INTERNAL_ERROR: {
    status: 500,
    message: 'Terjadi kesalahan pada server. Silakan coba lagi.',
    meaning: 'Not foreseen; the request id leads to the log entry.',
  },
  STORE_UNAVAILABLE: {
    status: 503,
    message: 'Layanan sedang tidak tersedia. Coba lagi sebentar.',
    meaning: 'A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.',
  },
  STORE_CHANGED: {
    status: 503,
    message: 'Penyimpanan data sedang diperiksa tim teknis. Belum ada yang bisa diubah; coba lagi nanti.',
    meaning:
      'Another event store answers than the right one, or an older copy of it. Nothing is written until the right one ' +
      'is back or an operator accepts this one; see Retry-After. Webhooks are kept.',
  },
  OVERLOADED: {
    status: 503,
    message: 'Layanan sedang penuh. Coba lagi sebentar.',
    meaning:
      'Too many bodies of senders without a token come in at once, or this request was not whole in time; nothing was done, see Retry-After.',
  },
  BUSY: {
    status: 503,
    message: 'Tiket sedang sibuk. Coba lagi sebentar.',
    meaning: 'Others kept changing the same thing; see Retry-After.',
  },
  NOT_READY: {
    status: 503,
    message: 'Layanan belum siap.',
    meaning: '`details` names what is missing.',
  },
};

/** An error of the HTTP layer itself, not a refusal of the domain. `retryAfter` in whole seconds. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  constructor(
    readonly code: ErrorCode,
    readonly details: readonly Detail[] = [],
    readonly retryAfter?: number,
  ) {
    super(code);
  }
}

/** Seconds after which a store that was away, or a busy stream, is worth another try. */
const RETRY_AFTER_SECONDS = 2;

/** The right store may be back by then; else a person has to act. */
const RETRY_CHANGED_SECONDS = 10;

/** Seconds after which a refusal is worth another try: a busy stream, and an export that has to be made first. */
const RETRY_AFTER: Partial<Record<ErrorEntry['status'], number>> = { 503: 1, 429: 30 };

/** What went wrong, as one of our codes. What is not foreseen is INTERNAL_ERROR: log it. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof Refusal) {
    const retryAfter = RETRY_AFTER[ERRORS[error.code].status];
    // A detail that says no more than the code is for people to read, too.
    const { message: sentence } = ERRORS[error.code];
    const details = error.details.map((detail) => ({
      ...detail,
      message: detail.message === error.code ? sentence : detail.message,
    }));
    return new HttpError(error.code, details, retryAfter);
  }
  if (error instanceof StoreChanged) return new HttpError('STORE_CHANGED', [], RETRY_CHANGED_SECONDS);
  if (error instanceof StoreUnavailable) return new HttpError('STORE_UNAVAILABLE', [], RETRY_AFTER_SECONDS);
  if (error instanceof InvalidCursor) {
    return new HttpError('VALIDATION_FAILED', [problem('cursor', 'BAD_FORMAT', 'Penanda halaman tidak sah')]);
  }
  if (error instanceof EventTooLarge) return new HttpError('PAYLOAD_TOO_LARGE');
  // A customer whose stream is short gets no ticket: it is the ticket that people wait for.
  if (error instanceof StreamNotWhole && isOfCustomer(error.stream))
    return new HttpError('TICKET_NEEDS_ATTENTION');
  if (error instanceof UndecodableEvent)
    return new HttpError(
      isOfTicket(error.event.stream) ? 'TICKET_NEEDS_ATTENTION' : 'RECORD_NEEDS_ATTENTION',
    );
  // Express and its router mark what the client did wrong (a broken percent-encoding) with a status.
  if (error instanceof Error && 'status' in error && error.status === 400)
    return new HttpError('BAD_REQUEST');
  return new HttpError('INTERNAL_ERROR');
}
