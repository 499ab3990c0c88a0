/** A visitor leaves a message with a way to be reached, and agrees to that (docs/design/chat.md#consent). */
import { z } from 'zod';
import { CONSENT_TEXT } from '../../domain/chat/consent.ts';
import { isPhone, phoneDigits } from '../../domain/customers/phone.ts';
import { because } from '../../domain/problems.ts';
import { onCustomer } from '../customers/current-customer.ts';
import { decideConsent } from './consent.ts';
import { escalate } from './escalate.ts';
import { type ChatDeps, findTalk, receiveFromVisitor, type Visitor, visitorContext } from './visitor.ts';

const line = (most: number) => z.string().trim().min(1).max(most);

export const leaveMessageInput = z
  .strictObject({
    name: line(100),
    whatsapp: z
      .string()
      .trim()
      .max(30)
      .refine(
        (text) => isPhone(phoneDigits(text)),
        because('BAD_FORMAT', 'Tulis nomor WhatsApp, misalnya 081234567890'),
      )
      .optional(),
    email: z.email().max(200).optional(),
    topic: line(200),
    message: line(2_000),
    consent: z.literal(true),
  })
  .refine(({ whatsapp, email }) => whatsapp !== undefined || email !== undefined, {
    path: ['whatsapp'],
    ...because('ONE_OF', 'Isi nomor WhatsApp atau email', { fields: ['whatsapp', 'email'] }),
  });
export type LeaveMessageInput = z.infer<typeof leaveMessageInput>;

const textOf = ({ topic, message, email }: LeaveMessageInput): string =>
  [`Topik: ${topic}`, message, ...(email === undefined ? [] : [`Email: ${email}`])].join('\n');

/** @returns what the visitor can name it by @throws Refusal BUSY; StoreUnavailable */
export const leaveMessage =
  (deps: ChatDeps) =>
  async (visitor: Visitor, wish: LeaveMessageInput, requestId: string): Promise<{ ticketRef: string }> => {
    const phone = wish.whatsapp === undefined ? null : `+${phoneDigits(wish.whatsapp)}`;
    await receiveFromVisitor(deps, visitor, textOf(wish), { name: wish.name, phone });
    const { customerKey } = await findTalk(deps, visitor);
    const context = visitorContext(deps, requestId, 'customer');
    await onCustomer(deps.handler, customerKey, context, (now) =>
      decideConsent(now, 'contact', CONSENT_TEXT),
    );
    const { ticket } = await escalate(deps)(visitor, null, requestId);
    return { ticketRef: ticketRefOf(ticket.status === 'absent' ? '' : ticket.id) };
  };

/** Short enough to say; the inbox finds the ticket by its name and number. */
export const ticketRefOf = (ticketId: string): string => ticketId.slice(-8).toUpperCase();
