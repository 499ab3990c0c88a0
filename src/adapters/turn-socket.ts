import { Socket } from 'node:net';

type Done = (error?: Error | null) => void;

/**
 * For `stream` of a client or a pool of pg: what is written in one turn of the event loop leaves in one system call. pg makes
 * one for each statement, and each wakes the server: BEGIN, scope, page and COMMIT were four of both.
 */
export function turnSocket(): Socket {
  const socket = new Socket();
  // Not a method of a subclass: `connect` puts the one of Socket back.
  socket.once('connect', () => {
    const write = socket.write.bind(socket);
    let isHeld = false;
    socket.write = (chunk: Uint8Array | string, encodingOrDone?: BufferEncoding | Done, done?: Done) => {
      if (!isHeld) {
        isHeld = true;
        socket.cork();
        // After everything that waits for a promise in this turn.
        process.nextTick(() => {
          isHeld = false;
          socket.uncork();
        });
      }
      return typeof encodingOrDone === 'string'
        ? write(chunk, encodingOrDone, done)
        : write(chunk, encodingOrDone);
    };
  });
  return socket;
}
