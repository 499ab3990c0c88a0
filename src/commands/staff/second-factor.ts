/** The second factor of a member of staff: enrolled, used, removed, reset (docs/design/reliability.md#second-factor). */
import type { Caller } from '../../domain/staff/privileges.ts';
import { Refusal } from '../../domain/refusals.ts';
import {
  type ExistingUser,
  type SecondFactor,
  user,
  type User,
  type UserEvent,
} from '../../domain/staff/user.ts';
import type { Clock, OneTimeCodes, StaffSecrets } from '../../ports.ts';
import { requireReach } from '../command-scope.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import { type RoleSets, requireAuthorityOver } from './granting.ts';
import { loadRoleSets } from './role-sets.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';

/** What a code was found to be. `secret`: the sealed secret that it was compared with. */
export type Proof =
  | { readonly kind: 'step'; readonly secret: string; readonly step: number }
  | { readonly kind: 'recovery'; readonly recoveryCode: string };

export interface Enrolment {
  /** Sealed. */
  readonly secret: string;
  /** Keyed hashes. */
  readonly recoveryCodes: readonly string[];
  readonly step: number;
  /** Of the sessions when the enrolment began. */
  readonly generation: number;
}

/** @throws Refusal USER_NOT_FOUND (also deactivated), SECOND_FACTOR_MISSING */
function requireFactor(state: User): { readonly person: ExistingUser; readonly factor: SecondFactor } {
  if (state.status !== 'active') throw new Refusal('USER_NOT_FOUND');
  if (state.secondFactor === null) throw new Refusal('SECOND_FACTOR_MISSING');
  return { person: state, factor: state.secondFactor };
}

/**
 * A code is good once: the store lets only one of two at the same moment in, and the other is decided again.
 * @throws Refusal CODE_WRONG (also of a step that is over), SECOND_FACTOR_MISSING, USER_NOT_FOUND
 */
export function decideUseCode(state: User, proof: Proof): UserEvent[] {
  const { person, factor } = requireFactor(state);
  if (proof.kind === 'recovery') {
    if (!factor.recoveryCodes.includes(proof.recoveryCode)) throw new Refusal('CODE_WRONG');
    return [{ type: 'RecoveryCodeUsed', data: { userId: person.id, recoveryCode: proof.recoveryCode } }];
  }
  // Another secret: it was replaced meanwhile.
  if (proof.secret !== factor.secret || proof.step <= factor.step) throw new Refusal('CODE_WRONG');
  return [{ type: 'TotpCodeUsed', data: { userId: person.id, step: proof.step } }];
}

/** Replaces an older one. @throws Refusal CHALLENGE_OVER (the account has changed since it began), USER_NOT_FOUND */
export function decideEnrol(state: User, { generation, ...enrolment }: Enrolment): UserEvent[] {
  if (state.status !== 'active') throw new Refusal('USER_NOT_FOUND');
  if (state.sessionGeneration !== generation) throw new Refusal('CHALLENGE_OVER');
  const { secret, recoveryCodes, step } = enrolment;
  return [
    { type: 'TotpEnrolled', data: { userId: state.id, secret, recoveryCodes: [...recoveryCodes], step } },
  ];
}

/**
 * The code was used by `decideUseCode` before.
 * @param required roles that must have a second factor
 * @throws Refusal SECOND_FACTOR_REQUIRED, SECOND_FACTOR_MISSING, USER_NOT_FOUND
 */
export function decideDisable(state: User, required: ReadonlySet<string>): UserEvent[] {
  const { person } = requireFactor(state);
  if (required.has(person.role)) throw new Refusal('SECOND_FACTOR_REQUIRED');
  return [{ type: 'TotpDisabled', data: { userId: person.id } }];
}

/**
 * Without it a password is enough to be that person, so it needs as much authority as a new password does.
 * @throws Refusal USER_NOT_FOUND, SECOND_FACTOR_OWN, SUPER_ADMIN_PROTECTED, ROLE_ABOVE_OWN, PRIVILEGE_ABOVE_OWN,
 * SECOND_FACTOR_MISSING
 */
export function decideReset(
  state: User,
  by: Pick<Caller, 'id' | 'role' | 'privileges'>,
  sets: RoleSets,
): UserEvent[] {
  if (state.status === 'absent') throw new Refusal('USER_NOT_FOUND');
  if (state.id === by.id) throw new Refusal('SECOND_FACTOR_OWN');
  requireAuthorityOver(by, state, { ...state, secondFactor: null }, sets);
  if (state.secondFactor === null) throw new Refusal('SECOND_FACTOR_MISSING');
  return [{ type: 'TotpReset', data: { userId: state.id } }];
}

const generationOf = (state: User): number => (state.status === 'absent' ? 0 : state.sessionGeneration);

export type SecondFactorCommands = ReturnType<typeof secondFactor>;

export function secondFactor(deps: {
  handler: CommandHandler;
  clock: Clock;
  codes: OneTimeCodes;
  secrets: StaffSecrets;
}) {
  const { handler, clock, codes, secrets } = deps;

  /** @throws Refusal CODE_WRONG, SECOND_FACTOR_MISSING, USER_NOT_FOUND */
  async function proofOf(userId: string, code: string): Promise<Proof> {
    const { factor } = requireFactor(await handler.load(user, userId));
    const recoveryCode = codes.recoveryKey(userId, code);
    if (recoveryCode !== null) return { kind: 'recovery', recoveryCode };
    const step = codes.stepOf(await secrets.open(userId, factor.secret), code.trim(), factor.step);
    if (step === null) throw new Refusal('CODE_WRONG');
    return { kind: 'step', secret: factor.secret, step };
  }

  async function useCode(ctx: CommandContext, code: string) {
    const userId = ctx.caller.id;
    const proof = await proofOf(userId, code);
    const { position } = await handler.executeCommand(user, userId, eventContextOf(ctx, clock), (state) =>
      decideUseCode(state, proof),
    );
    return { position };
  }

  return {
    /** How the account is. @throws StoreUnavailable */
    async status(
      userId: string,
    ): Promise<{ readonly enrolled: boolean; readonly recoveryCodesLeft: number }> {
      const found = await handler.load(user, userId);
      const factor = found.status === 'absent' ? null : found.secondFactor;
      return { enrolled: factor !== null, recoveryCodesLeft: factor?.recoveryCodes.length ?? 0 };
    },
    /** A secret for an authenticator app, in clear for its owner and sealed to wait for the first code. */
    async propose(userId: string, account: string) {
      const secret = codes.newSecret();
      return { secret, uri: codes.uri(secret, account), sealed: await secrets.seal(userId, secret) };
    },
    /** Uses up a code of the caller, of the app or a recovery code. @throws Refusal see `decideUseCode` */
    useCode,
    /**
     * @param sealed what `propose` gave
     * @returns the recovery codes, shown this once. @throws Refusal CODE_WRONG, and see `decideEnrol`
     */
    async enrol(ctx: CommandContext, sealed: string, generation: number, code: string) {
      const userId = ctx.caller.id;
      const step = codes.stepOf(await secrets.open(userId, sealed), code.trim(), null);
      if (step === null) throw new Refusal('CODE_WRONG');
      const shown = codes.newRecoveryCodes();
      const recoveryCodes = shown.flatMap((one) => codes.recoveryKey(userId, one) ?? []);
      const done = await handler.executeCommand(user, userId, eventContextOf(ctx, clock), (state) =>
        decideEnrol(state, { secret: sealed, recoveryCodes, step, generation }),
      );
      return {
        recoveryCodes: shown,
        position: done.position,
        sessionGeneration: generationOf(done.state),
      };
    },
    /** @throws Refusal see `decideDisable` and `decideUseCode` */
    async disable(ctx: CommandContext, code: string, required: ReadonlySet<string>) {
      const userId = ctx.caller.id;
      // Looked at first: a refusal costs no one a code.
      decideDisable(await handler.load(user, userId), required);
      await useCode(ctx, code);
      const done = await handler.executeCommand(user, userId, eventContextOf(ctx, clock), (state) =>
        decideDisable(state, required),
      );
      return { position: done.position, sessionGeneration: generationOf(done.state) };
    },
    /** @throws Refusal DIVISION_FORBIDDEN, and see `decideReset` */
    async reset(ctx: CommandContext, userId: string) {
      const before = await handler.load(user, userId);
      if (before.status === 'absent') throw new Refusal('USER_NOT_FOUND');
      requireReach(ctx.caller, before.division);
      const sets = await loadRoleSets(handler);
      const done = await handler.executeCommand(user, userId, eventContextOf(ctx, clock), (state) =>
        decideReset(state, ctx.caller, sets),
      );
      return { user_id: userId, position: done.position, sessionGeneration: generationOf(done.state) };
    },
  };
}
