/** The writes that `divisions.test.ts` does not attack, each with its reason. */
import { routes } from '../../../src/http/routes.ts';

/** Writes that know no division. A new route is attacked below, or named here with its reason. */
export const WITHOUT_DIVISION: Readonly<Record<string, string>> = {
  setChannelCost: 'costs are of the whole firm: refused to who sees one division, see the matrix of roles',
  rateJob: 'the link is the credential: it is about one job',
  login: 'about nobody but oneself',
  refresh: 'about nobody but oneself',
  loginTotp: 'about nobody but oneself',
  enrolTotp: 'about nobody but oneself',
  confirmTotp: 'about nobody but oneself',
  disableTotp: 'about nobody but oneself',
  changePassword: 'about nobody but oneself',
  issueOwnTelegramCode: 'about nobody but oneself',
  unlinkOwnTelegram: 'about nobody but oneself',
  logout: 'about nobody but oneself',
  streamTicket: 'opens the stream of nobody but oneself',
  endSession: 'about nobody but oneself',
  setOwnPresence: 'about nobody but oneself',
  readNotification: 'about nobody but oneself',
  readNotifications: 'about nobody but oneself',
  changeNotificationPreferences: 'about nobody but oneself',
  bulkTickets: 'says of each ticket whether it was done: attacked below',
  registerDevice: 'about nobody but oneself',
  unregisterDevice: 'about nobody but oneself',
  subscribePush: 'about nobody but oneself',
  unsubscribePush: 'about nobody but oneself',
  defineQuickReply: 'the spec of the command has its rules',
  patchQuickReply: 'the spec of the command has its rules',
  deleteQuickReply: 'the spec of the command has its rules',
  defineTag: 'the catalogue is one for the firm',
  defineTemplate: 'the catalogue is one for the firm',
  patchTemplate: 'the catalogue is one for the firm',
  deleteTemplate: 'the catalogue is one for the firm',
  patchTag: 'the catalogue is one for the firm',
  deleteTag: 'the catalogue is one for the firm',
  ...Object.fromEntries(
    routes
      .filter(({ access, path }) => access === 'public' && path.startsWith('/api/chat'))
      .map(({ name }) => [name, 'of a visitor: a token of staff is none there']),
  ),
};
