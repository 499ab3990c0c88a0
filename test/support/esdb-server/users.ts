/** The users service of the test server. */
import { type sendUnaryData, type ServerUnaryCall, type ServerWritableStream, status } from '@grpc/grpc-js';
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import messages from '@eventstore/db-client/generated/users_pb.js';
import { type Access, failure } from './access.ts';

type Call<Request> = ServerUnaryCall<Request, unknown>;

export function userHandlers(access: Access): UntypedServiceImplementation {
  /** Runs `change` for an administrator. */
  const changing =
    <Request>(change: (request: Request) => Error | object) =>
    (call: Call<Request>, reply: sendUnaryData<unknown>): void => {
      const outcome = access.administratorRefusal(call.metadata) ?? change(call.request);
      if (outcome instanceof Error) reply(outcome);
      else reply(null, outcome);
    };
  const missing = (login: string): Error =>
    failure(status.NOT_FOUND, `User '${login}' is not found.`, { exception: 'user-not-found' });

  return {
    create: changing((request: messages.CreateReq) => {
      const login = request.getOptions()?.getLoginName() ?? '';
      if (access.users.has(login))
        return failure(status.FAILED_PRECONDITION, 'Conflict.', { exception: 'user-conflict' });
      const password = request.getOptions()?.getPassword() ?? '';
      access.users.set(login, {
        password,
        groups: request.getOptions()?.getGroupsList() ?? [],
        disabled: false,
      });
      return new messages.CreateResp();
    }),
    update: changing((request: messages.UpdateReq) => {
      const login = request.getOptions()?.getLoginName() ?? '';
      const user = access.users.get(login);
      if (!user) return missing(login);
      user.groups = request.getOptions()?.getGroupsList() ?? [];
      return new messages.UpdateResp();
    }),
    enable: changing((request: messages.EnableReq) => {
      const login = request.getOptions()?.getLoginName() ?? '';
      const user = access.users.get(login);
      if (!user) return missing(login);
      user.disabled = false;
      return new messages.EnableResp();
    }),
    resetPassword: changing((request: messages.ResetPasswordReq) => {
      const login = request.getOptions()?.getLoginName() ?? '';
      const user = access.users.get(login);
      if (!user) return missing(login);
      user.password = request.getOptions()?.getNewPassword() ?? '';
      return new messages.ResetPasswordResp();
    }),
    details: (call: ServerWritableStream<messages.DetailsReq, messages.DetailsResp>) => {
      const login = call.request.getOptions()?.getLoginName() ?? '';
      const refused = access.administratorRefusal(call.metadata);
      const user = access.users.get(login);
      if (refused ?? !user) {
        call.emit('error', refused ?? missing(login));
        return;
      }
      const found = new messages.DetailsResp.UserDetails()
        .setLoginName(login)
        .setGroupsList(user?.groups ?? [])
        .setDisabled(user?.disabled ?? false);
      call.write(new messages.DetailsResp().setUserDetails(found));
      call.end();
    },
    delete: () => undefined,
    disable: () => undefined,
    changePassword: () => undefined,
  };
}
