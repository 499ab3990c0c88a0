/** Asks the nodes of a cluster whom they follow. */
import { readFileSync } from 'node:fs';
import { credentials, Metadata } from '@grpc/grpc-js';
import services from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import messages from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { ServerAddress } from './address.ts';

export const isCluster = ({ hosts, discover }: ServerAddress): boolean => hosts.length > 1 || discover;

/** @returns true when nodes answer and none of them knows a leader. Never rejects. */
export async function lacksLeader(address: ServerAddress, timeoutMs = 2_000): Promise<boolean> {
  const told = (
    await Promise.all(address.hosts.map((host) => leaderKnownBy(address, host, timeoutMs)))
  ).filter((known) => known !== undefined);
  return told.length > 0 && !told.includes(true);
}

/** Undefined: it does not answer. */
function leaderKnownBy(
  { secure, caFile }: ServerAddress,
  { host, port }: { readonly host: string; readonly port: number },
  timeoutMs: number,
): Promise<boolean | undefined> {
  const channel = secure
    ? credentials.createSsl(caFile === undefined ? null : readFileSync(caFile))
    : credentials.createInsecure();
  const client = new services.GossipClient(`${host}:${String(port)}`, channel);
  return new Promise((resolve) => {
    client.read(new shared.Empty(), new Metadata(), { deadline: Date.now() + timeoutMs }, (error, info) => {
      client.close();
      if (error) resolve(undefined);
      else
        resolve(
          info
            .getMembersList()
            .some((one) => one.getIsAlive() && one.getState() === messages.MemberInfo.VNodeState.LEADER),
        );
    });
  });
}
