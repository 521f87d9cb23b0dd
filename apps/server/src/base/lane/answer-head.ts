import { STATUS_CODES } from 'node:http'

/** A whole answer. Header names and values are the server's own, or were checked. */
export interface PlainAnswer {
  readonly status: number
  /** The length of the body among them. */
  readonly headers: Readonly<Record<string, string | number>>
  readonly body: Buffer
}

/** Writes what stands before the body as Node's own response does. */
export function openAnswerHeads(now: () => number, keepAliveMs: number) {
  const keepAlive = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveMs / 1000)}`
  let second = NaN
  let date = ''
  return ({ status, headers }: PlainAnswer, keepsAlive: boolean): string => {
    const current = Math.floor(now() / 1000)
    if (current !== second) {
      second = current
      date = new Date(current * 1000).toUTCString()
    }
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'unknown'}\r\n`
    for (const name in headers) head += `${name}: ${headers[name]}\r\n`
    return `${head}Date: ${date}\r\n${keepsAlive ? keepAlive : 'Connection: close'}\r\n\r\n`
  }
}
