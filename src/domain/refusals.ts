/** Every reason for which a business rule refuses a command. `http/framework/errors.ts` maps each code to a status and a sentence. */
import type { Problem } from './problems.ts';

export type RefusalCode =
  | 'TICKET_NOT_FOUND'
  | 'DIVISION_FORBIDDEN'
  | 'TICKET_ALREADY_TAKEN'
  | 'TICKET_CLOSED'
  | 'ALREADY_ASSIGNED'
  | 'ASSIGNEE_CHANGED'
  | 'NOT_ASSIGNEE'
  | 'NOT_ASSIGNED'
  | 'SERVICE_WINDOW_CLOSED'
  | 'LINE_ONLY_ANSWERS'
  | 'MESSAGE_TOO_LONG'
  | 'CUSTOMER_OPTED_OUT'
  | 'MESSAGE_NOT_SENT_AS_TEMPLATE'
  | 'MESSAGE_NOT_FOUND'
  | 'MEDIA_NOT_SUPPORTED'
  | 'MEDIA_NOT_FOUND'
  | 'NOT_FAILED'
  | 'CUSTOMER_HAS_OPEN_TICKET'
  | 'CUSTOMER_NOT_FOUND'
  | 'CUSTOMERS_NOT_MERGEABLE'
  | 'TAGGED_USER_CANNOT_READ'
  | 'USER_NOT_FOUND'
  | 'AGENT_INACTIVE'
  | 'NOT_AN_AGENT'
  | 'EMAIL_TAKEN'
  | 'FORBIDDEN'
  | 'QUICK_REPLY_NOT_FOUND'
  | 'SHORTCUT_TAKEN'
  | 'TAG_NAME_TAKEN'
  | 'TAG_NOT_FOUND'
  | 'TAG_OF_SYSTEM'
  | 'TEMPLATE_NOT_FOUND'
  | 'TEMPLATE_NAME_TAKEN'
  | 'TEMPLATE_NOT_USABLE'
  | 'BLAST_NOT_FOUND'
  | 'BLAST_NOT_PENDING'
  | 'BLAST_NOT_SENDING'
  | 'BLAST_NOT_PAUSED'
  | 'BLAST_OVER'
  | 'BLAST_OWN_APPROVAL'
  | 'BLAST_RECIPIENTS_REFUSED'
  | 'EXPORT_LIMIT'
  | 'LAST_SUPER_ADMIN'
  | 'PRIVILEGE_NOT_GRANTABLE'
  | 'PRIVILEGE_ABOVE_OWN'
  | 'ROLE_ABOVE_OWN'
  | 'PASSWORD_TOO_EASY'
  | 'PASSWORD_UNCHANGED'
  | 'PASSWORD_OWN'
  | 'PASSWORD_WRONG'
  | 'SUPER_ADMIN_PROTECTED'
  | 'CHALLENGE_OVER'
  | 'CODE_WRONG'
  | 'SECOND_FACTOR_MISSING'
  | 'SECOND_FACTOR_OWN'
  | 'SECOND_FACTOR_REQUIRED'
  | 'DIVISION_REQUIRED'
  | 'VALIDATION_FAILED'
  | 'LOST_REASON_REQUIRED'
  | 'VERSION_CONFLICT'
  | 'FAQ_VERSION_NOT_FOUND'
  | 'NOTHING_TO_RATE'
  | 'RATING_FINAL'
  | 'JOB_NOT_FOUND'
  | 'JOB_NOT_COMPLETED'
  | 'INVOICE_EXISTS'
  | 'INVOICE_NOT_FOUND'
  | 'INVOICE_CHANGED'
  | 'INVOICE_STATE'
  | 'OWN_APPROVAL'
  | 'DISCOUNT_LIMIT'
  | 'OVERPAID'
  | 'RATING_EXPIRED'
  | 'ALREADY_RATED'
  | 'RATING_NOT_FOUND'
  | 'NO_CAPACITY'
  | 'AGENDA_FULL'
  | 'OVERLAP'
  | 'ON_LEAVE'
  | 'SKILL_MISSING'
  | 'BUSY';

/** One field that is wrong, or one thing that is in the way. Without a code of its own it has that of the refusal. */
export interface Detail extends Partial<Pick<Problem, 'code' | 'params'>> {
  readonly path: string;
  readonly message: string;
}

/** A decider's refusal: the command is valid, the state does not allow it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly code: RefusalCode,
    readonly details: readonly Detail[] = [],
  ) {
    super(code);
  }
}
