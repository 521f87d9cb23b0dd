import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { PassingMap } from '#base/kernel'
import type { FindPlain, LaneDeps, Serve } from './deps.ts'
import { type PlainHead, readPlainHead } from './plain-head.ts'
import type { SendAnswer } from './send-answer.ts'

/** A request that is still incomplete after this is for `node:http`, which limits how long it may take. */
const WAIT_MS = 50
/** As many connections as may wait for the rest of a request at once. */
const MAX_WAITING = 256

/** What the connections of a listener share. */
export interface Shared extends LaneDeps {
  server: Server
  /** What `server` does with a new connection where there is no lane. */
  ordinary: readonly Function[]
  find: FindPlain
  sendAnswer: SendAnswer
  /** Those of the lane, each with what ends it if it waits for its next request. */
  connections: PassingMap<Socket, () => void>
  /** How many wait for the rest of a request. */
  waiting: { count: number }
}

/** Answers the plain requests of a connection, until something else comes: then it is one of `node:http`. */
export function takeConnection(shared: Shared, socket: Socket): void {
  const { limits, monotonic, server, connections } = shared
  let rest: { pieces: Buffer[]; missing: number; timer: Disposable } | undefined
  let finish: (() => void) | undefined
  let isUsed = false

  function onData(piece: Buffer): void {
    if (finish) {
      // The stream keeps what follows until the answer has left.
      socket.pause()
      socket.unshift(piece)
      return
    }
    if (rest) {
      rest.pieces.push(piece)
      rest.missing -= piece.length
      if (rest.missing > 0) return
    }
    const bytes = rest ? endWaiting() : piece
    const head = readPlainHead(bytes)
    const serve = head && bytes.length <= head.end ? shared.find(head) : undefined
    if (!head || !serve) leaveWith(bytes)
    else if (bytes.length === head.end) answer(head, serve, bytes.subarray(head.bodyAt))
    else waitFor(head.end - bytes.length, bytes)
  }

  function waitFor(missing: number, bytes: Buffer): void {
    if (shared.waiting.count === MAX_WAITING) return leaveWith(bytes)
    shared.waiting.count += 1
    // On a node that is late the rest may have come: it is read between the timer and the end of its turn.
    const timer = monotonic.after(WAIT_MS, () =>
      monotonic.afterTurn(() => {
        if (rest === waiting) leaveWith(endWaiting())
      }),
    )
    const waiting = { pieces: [bytes], missing, timer }
    rest = waiting
  }

  /** All that has come of the request that was incomplete. */
  function endWaiting(): Buffer {
    if (!rest) return Buffer.alloc(0)
    const bytes = Buffer.concat(rest.pieces)
    rest.timer[Symbol.dispose]()
    rest = undefined
    shared.waiting.count -= 1
    return bytes
  }

  function answer(head: PlainHead, serve: Serve, body: Buffer): void {
    isUsed = true
    socket.setTimeout(limits.stalledMs)
    const exchange = { shouldKeepAlive: head.keepsAlive }
    const done = shared.begin(exchange)
    finish = () => {
      finish = undefined
      done()
    }
    serve({ method: head.method, url: head.url, headers: head.headers, socket, body }).then(
      (answered) => {
        // A client that has said that it sends nothing more gets no answer from Node, either.
        if (!finish || !socket.writable) return
        const keepsAlive = exchange.shouldKeepAlive
        shared.sendAnswer(socket, answered, keepsAlive, () => endAnswer(keepsAlive))
      },
      () => socket.destroy(),
    )
  }

  function endAnswer(keepsAlive: boolean): void {
    finish?.()
    if (keepsAlive) {
      // Node, too, keeps a connection for longer than it says.
      socket.setTimeout(limits.keepAliveMs + 1000)
      if (socket.isPaused()) socket.resume()
    } else {
      // What follows the last request is not read.
      socket.pause()
      socket.destroySoon()
    }
  }

  const listeners = {
    data: onData,
    end() {
      if (!rest) return void socket.end()
      leaveWith(endWaiting())
      socket.emit('end')
    },
    timeout() {
      if (rest) leaveWith(endWaiting())
      else socket.destroy()
    },
    error: () => void socket.destroy(),
    close() {
      endWaiting()
      finish?.()
      connections.delete(socket)
    },
  }

  function leaveWith(bytes: Buffer): void {
    for (const [name, listener] of Object.entries(listeners)) socket.off(name, listener)
    connections.delete(socket)
    for (const listener of shared.ordinary) Reflect.apply(listener, server, [socket])
    if (bytes.length > 0) socket.emit('data', bytes)
  }

  for (const [name, listener] of Object.entries(listeners)) socket.on(name, listener)
  socket.setTimeout(limits.headersTimeoutMs)
  connections.set(socket, () => {
    if (isUsed && !finish && !rest) socket.destroy()
  })
}
