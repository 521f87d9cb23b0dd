import type { IncomingHttpHeaders } from 'node:http'
import type { PlainRequest } from './deps.ts'

/** What a plain request says before its body, and where its body begins and ends. */
export interface PlainHead extends Pick<PlainRequest, 'method' | 'url' | 'headers'> {
  readonly keepsAlive: boolean
  readonly bodyAt: number
  readonly end: number
}

const HEAD_END = Buffer.from('\r\n\r\n')
const MAX_HEAD_BYTES = 8192
const MAX_HEADERS = 64
const MAX_BODY_BYTES = 131_072

/** Less than HTTP allows: no other spaces than these, no empty or folded value, nothing but ASCII, no unusual names. */
const HEAD =
  /^(?:GET|POST) (\/[\w\-.~/&=:,@+]*(?:\?[\w\-.~/?&=%:,@+]*)?) HTTP\/1\.1\r\n(?:[A-Za-z][A-Za-z\d-]*: [!-~][ -~]*\r\n)+$/
const LENGTH = /^(?:0|[1-9]\d{0,6})$/

/** Headers that change how a request or its connection is read, and the one that Node gives as a list. */
const ODD =
  /\r\n(?:expect|http2-settings|keep-alive|proxy-connection|set-cookie|te|trailer|transfer-encoding|upgrade): /i

/** The head of a request about which there cannot be two opinions; `undefined` for everything else, incomplete heads too. */
export function readPlainHead(bytes: Buffer): PlainHead | undefined {
  const headEnd = bytes.indexOf(HEAD_END)
  if (headEnd < 0 || headEnd > MAX_HEAD_BYTES) return undefined
  const text = bytes.toString('latin1', 0, headEnd + 2)
  const url = HEAD.exec(text)?.[1]
  const headers = url === undefined || ODD.test(text) ? undefined : readHeaders(text)
  if (url === undefined || headers?.host === undefined) return undefined
  const method = text.startsWith('GET') ? 'GET' : 'POST'
  const { connection, 'content-length': length = method === 'GET' ? '0' : '' } = headers
  const keepsAlive = connection === undefined || /^keep-alive$/i.test(connection)
  if (!keepsAlive && !/^close$/i.test(connection)) return undefined
  if (!LENGTH.test(length) || Number(length) > MAX_BODY_BYTES) return undefined
  const bodyAt = headEnd + HEAD_END.length
  return { method, url, headers, keepsAlive, bodyAt, end: bodyAt + Number(length) }
}

/** @param text a head that is known to be well-formed */
function readHeaders(text: string): IncomingHttpHeaders | undefined {
  const headers: IncomingHttpHeaders = {}
  let count = 0
  for (let at = text.indexOf('\r\n') + 2; at < text.length; count += 1) {
    const colon = text.indexOf(': ', at)
    const lineEnd = text.indexOf('\r\n', colon)
    const name = text.slice(at, colon).toLowerCase()
    if (text.charCodeAt(lineEnd - 1) === 0x20 || headers[name] !== undefined) return undefined
    headers[name] = text.slice(colon + 2, lineEnd)
    at = lineEnd + 2
  }
  return count > MAX_HEADERS ? undefined : headers
}
