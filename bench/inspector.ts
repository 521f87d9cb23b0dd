import { once } from 'node:events'
import WebSocket from 'ws'

/** Starts a program so that `collectGarbage` reaches it, on a free port of the loopback. */
export const INSPECTABLE = ['--inspect=127.0.0.1:0']

/**
 * Lets a program collect its garbage twice, so that its memory is what it keeps.
 * @param printed what it has written to standard error: where its inspector listens
 */
export async function collectGarbage(printed: string): Promise<void> {
  const address = /Debugger listening on (ws:\S+)/.exec(printed)?.[1]
  if (!address) throw new Error('The program was not started with an inspector')
  const socket = new WebSocket(address)
  await once(socket, 'open')
  for (const id of [1, 2]) {
    socket.send(JSON.stringify({ id, method: 'HeapProfiler.collectGarbage' }))
    await once(socket, 'message')
  }
  socket.close()
  await once(socket, 'close')
}
