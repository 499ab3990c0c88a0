/** The gossip service of the test server: which nodes there are, and which of them leads. */
import type { sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import messages from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { Faults } from './faults.ts';

export interface Node {
  readonly port: number;
  readonly isAlive: boolean;
}

export interface Cluster {
  nodes(): readonly Node[];
  /** Port of the node that leads; null while there is none. */
  leader(): number | null;
}

export function gossipHandlers(cluster: Cluster, faults: Faults): UntypedServiceImplementation {
  const { LEADER, FOLLOWER, UNKNOWN } = messages.MemberInfo.VNodeState;
  return {
    read: (_: ServerUnaryCall<unknown, unknown>, reply: sendUnaryData<unknown>) => {
      if (faults.blackHole) return;
      const leader = cluster.leader();
      const members = cluster.nodes().map(({ port, isAlive }) =>
        new messages.MemberInfo()
          .setInstanceId(
            new shared.UUID().setString(`00000000-0000-4000-8000-${String(port).padStart(12, '0')}`),
          )
          .setTimeStamp(String(Date.now() * 10_000))
          .setState(leader === null ? UNKNOWN : port === leader ? LEADER : FOLLOWER)
          .setIsAlive(isAlive)
          .setHttpEndPoint(new messages.EndPoint().setAddress('127.0.0.1').setPort(port)),
      );
      reply(null, new messages.ClusterInfo().setMembersList(members));
    },
  };
}
