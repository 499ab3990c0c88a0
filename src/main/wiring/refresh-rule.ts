import type { RefreshRule } from '../../adapters/operational/sessions.ts';
import type { ProgramContext } from '../context.ts';

export const refreshRuleOf = ({
  config,
  secrets,
}: Pick<ProgramContext, 'config' | 'secrets'>): RefreshRule => ({
  secret: new TextEncoder().encode(secrets.JWT_SECRET),
  graceSeconds: config.REFRESH_GRACE_SECONDS,
  idleHours: config.SESSION_IDLE_HOURS,
});
