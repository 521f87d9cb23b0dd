import { connect } from 'node:net'

export interface Answer {
  status: number
  /** Status line and headers. */
  head: string
  body: string
}

const HEAD_END = Buffer.from('\r\n\r\n')
const LAST_CHUNK = Buffer.from('0\r\n\r\n')

/** Where the answer at the start of `bytes` ends; `undefined` while it is incomplete. */
function measure(bytes: Buffer): { head: string; bodyAt: number; end: number } | undefined {
  const headEnd = bytes.indexOf(HEAD_END)
  if (headEnd < 0) return undefined
  const head = bytes.toString('latin1', 0, headEnd)
  const bodyAt = headEnd + HEAD_END.length
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length !== undefined) {
    const end = bodyAt + Number(length)
    return bytes.length < end ? undefined : { head, bodyAt, end }
  }
  const last = bytes.indexOf(LAST_CHUNK, bodyAt)
  return last < 0 ? undefined : { head, bodyAt, end: last + LAST_CHUNK.length }
}

/** One keep-alive connection that sends ready-made requests and reads their answers, one at a time. */
export interface Exchange extends Disposable {
  readonly isOpen: boolean
  /** Of the monotonic clock: since when nothing has come or gone. */
  readonly silentSince: number
  send(request: Buffer): Promise<Answer>
}

/** A bare socket: a full HTTP client would take more of the machine than what is measured. */
export async function openExchange(host: string, port: number): Promise<Exchange> {
  const socket = connect({ host, port, noDelay: true })
  let received: Buffer = Buffer.alloc(0)
  let waiting: PromiseWithResolvers<Answer> | undefined
  let silentSince = 0

  await new Promise((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  silentSince = performance.now()
  socket.on('data', (data: Buffer) => {
    silentSince = performance.now()
    received = received.length === 0 ? data : Buffer.concat([received, data])
    const answer = measure(received)
    if (!answer) return
    const body = received.toString('latin1', answer.bodyAt, answer.end)
    received = received.subarray(answer.end)
    waiting?.resolve({ status: Number(answer.head.slice(9, 12)), head: answer.head, body })
  })
  const fail = (error?: Error) => waiting?.reject(error ?? new Error('The connection was closed'))
  socket.on('error', fail)
  socket.on('close', () => fail())

  return {
    get isOpen() {
      return socket.readyState === 'open'
    },
    get silentSince() {
      return silentSince
    },
    send(request) {
      waiting = Promise.withResolvers()
      socket.write(request)
      return waiting.promise
    },
    [Symbol.dispose]: () => void socket.destroy(),
  }
}
