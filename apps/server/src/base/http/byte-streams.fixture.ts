/** Numbers that look random and come again with the same seed. */
type Roll = (sides: number) => number

/** What a client sends on one connection, in the pieces in which it sends it. */
export interface ByteStream {
  pieces: Buffer[]
  /** Whether the client waits for answers before it goes on. */
  isPatient: boolean
}

const pick = <Item>(roll: Roll, items: readonly Item[]): Item => items[roll(items.length)] as Item
const once = (roll: Roll, sides: number) => roll(sides) === 0

const TARGETS = [
  '/call/a?x=1',
  '/call/a/',
  '/call/a%20b',
  '/call/%00',
  '/call/%ff',
  '/call/a,b@c:d+e=f&g~h',
  '/call/fails',
  '/call/throws',
  '/call/large',
  '/call/later',
  '/call/a#b',
  '/call/a b',
  '/call/\u00e4',
  '/call/a\\b',
  '/call/a"b',
  '/call/a?x={}',
  '/call/',
  '//call/a',
  '/nowhere',
  '/call/a/b',
  'http://a/call/a',
  'call/a',
  '*',
  '',
  `/call/${'long'.repeat(500)}`,
]
const METHODS = [
  'get',
  'GETS',
  'PUT',
  'post',
  'POST ',
  'HEAD',
  'OPTIONS',
  'CONNECT',
  'P',
  'PRI',
  'XPOST',
]
const VERSIONS = [
  'HTTP/1.0',
  'HTTP/1.2',
  'HTTP/2.0',
  'HTTP/0.9',
  'http/1.1',
  'HTTP/1.1 ',
  'HTTP/11',
  '',
  'ICE/1.1',
]

const HARMLESS = [
  'Accept: */*',
  'accept-encoding: gzip, deflate, br',
  'User-Agent: got (https://github.com/sindresorhus/got)',
  'Content-Type: application/json',
  'Authorization: Bearer abc.def.ghi',
  'X-Request-ID: 3f0c6f36-0a5b-4b5e-8f55-1d4dd6cb2ac8',
  'x-request-id: not acceptable',
  'LP-EventSource: clients',
  'Connection: keep-alive',
  'connection: Keep-Alive',
  'X-Forwarded-For: 10.0.0.1, 10.0.0.2',
  'Cookie: a=b; c=d',
  'x: :colons: in: it',
]

const ODDITIES = [
  'Connection: close',
  'Connection: CLOSE',
  'Connection: close, keep-alive',
  'Connection: upgrade',
  'Connection: keep-alive, x',
  'Connection: content-length',
  'Proxy-Connection: close',
  'Keep-Alive: timeout=1',
  'Expect: 100-continue',
  'Expect: something',
  'Upgrade: websocket',
  'Upgrade: h2c',
  'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
  'TE: trailers',
  'Trailer: x',
  'Host: b',
  'host:',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: Chunked',
  'transfer-encoding: identity',
  'Transfer-Encoding: chunked, chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding : chunked',
  'Transfer-Encoding:\tchunked',
  'Transfer-Encoding:\u000bchunked',
  ' Transfer-Encoding: chunked',
  'Transfer-Encoding:\r\n chunked',
  'X: y\nTransfer-Encoding: chunked',
  'X: y\rTransfer-Encoding: chunked',
  'Content-Length: 5',
  'Content-Length: 0',
  'Content-Length : 5',
  'Content-Length\t: 5',
  'content_length: 5',
  'Content-Length:5',
  'Set-Cookie: a=b',
  'Cookie: e=f',
  'accept: text/plain',
  '__proto__: x',
  'constructor: x',
  'hasOwnProperty: x',
  'x_y: z',
  'x.y: z',
  'x y: z',
  ': z',
  'x',
  'x: ',
  'x:',
  'x:y',
  'x:  y',
  'x:\ty',
  'x: y ',
  'x: y\t',
  'x: a\tb',
  'x: \u00e4',
  'x: a\u0000b',
  'x: a\u0001b',
  'x: a\u007fb',
  'x: folded\r\n more',
  'x: folded\r\n\tmore',
  '\u00e4: x',
  '(x): y',
  `x: ${'v'.repeat(9000)}`,
  `x: ${'v'.repeat(40_000)}`,
  Array.from({ length: 70 }, (_, index) => `x-${index}: y`).join('\r\n'),
]

const LENGTHS = (length: number) => [
  `+${length}`,
  `0${length}`,
  `${length} `,
  ` ${length}`,
  `\t${length}`,
  `${length},${length}`,
  `${length}, ${length}`,
  `${length}\r\nContent-Length: ${length}`,
  `${length}\r\nContent-Length: ${length + 1}`,
  `${length}\r\nContent-Length: 0`,
  `${length + 1}`,
  `${length + 40}`,
  `${Math.max(0, length - 1)}`,
  `${Math.max(0, length - 40)}`,
  `-${length}`,
  `0x${length.toString(16)}`,
  `${length}e0`,
  `${length}.0`,
  `${length};`,
  '',
  '18446744073709551616',
  '9007199254740993',
  '131073',
  '9999999',
  `${length}\u0000`,
  `"${length}"`,
]

const SMUGGLED = 'POST /call/smuggled HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n'

function bodyOf(roll: Roll): string {
  return pick(roll, [
    () => '',
    () => '{}',
    () => `{"payload":${roll(1_000_000)}}`,
    () => 'x'.repeat(roll(300)),
    () => 'y'.repeat(roll(3000)),
    () => '\r\n\r\n',
    () => SMUGGLED,
    () => `0\r\n\r\n${SMUGGLED}`,
    () => Array.from({ length: roll(200) }, () => String.fromCharCode(roll(256))).join(''),
    () => (once(roll, 8) ? 'z'.repeat(60_000 + roll(90_000)) : 'z'),
  ])()
}

function chunked(roll: Roll, body: string): string {
  const size = pick(roll, [
    body.length.toString(16),
    body.length.toString(16).toUpperCase(),
    `${body.length.toString(16)};ext=1`,
    `0${body.length.toString(16)}`,
    `0x${body.length.toString(16)}`,
    (body.length + 1).toString(16),
  ])
  return `${size}\r\n${body}\r\n0\r\n${once(roll, 6) ? 'Trailer: x\r\n' : ''}\r\n`
}

/** One request: often as a plain client sends it, else with something that is odd about it. */
function request(roll: Roll): string {
  const isOdd = once(roll, 2)
  const odd = (sides: number) => isOdd && once(roll, sides)
  const isGet = once(roll, 5)
  const body = isGet && !odd(4) ? '' : bodyOf(roll)
  const lines = [
    `${odd(12) ? pick(roll, METHODS) : isGet ? 'GET' : 'POST'} ${
      odd(4) || once(roll, 4) ? pick(roll, TARGETS) : '/call/a'
    } ${odd(12) ? pick(roll, VERSIONS) : 'HTTP/1.1'}`,
  ]
  if (!odd(15)) lines.push('Host: a')
  for (let left = roll(6); left > 0; left -= 1) {
    const header = pick(roll, HARMLESS)
    if (isOdd || !lines.some((line) => nameOf(line) === nameOf(header))) lines.push(header)
  }
  const isChunked = odd(8)
  const length = odd(5) ? pick(roll, LENGTHS(body.length)) : `${body.length}`
  if (isChunked) lines.push('Transfer-Encoding: chunked')
  if ((!isChunked || once(roll, 3)) && (!isGet || odd(4))) {
    if (!odd(15)) lines.push(`${pick(roll, ['Content-Length', 'content-length'])}: ${length}`)
  }
  if (once(roll, 12)) lines.push('Connection: close')
  while (odd(2)) lines.splice(1 + roll(lines.length), 0, pick(roll, ODDITIES))
  const end = odd(25) ? pick(roll, ['\n', '\r', '\r\r\n', '\n\r']) : '\r\n'
  const before = odd(25) ? pick(roll, ['\r\n', '\n', ' ', '\0', '\r\n\r\n']) : ''
  return `${before}${lines.join(end)}${end}${end}${isChunked ? chunked(roll, body) : body}`
}

function nameOf(line: string): string {
  return line.split(':', 1)[0]?.toLowerCase() ?? ''
}

/** Changes, removes or doubles a byte, or puts one in. */
function damage(roll: Roll, bytes: Buffer): Buffer {
  const at = roll(bytes.length + 1)
  const byte = Buffer.from([pick(roll, [roll(256), 0x0d, 0x0a, 0x20, 0x3a, 0x00, 0x2c])])
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
  return pick(roll, [
    () => Buffer.concat([before, byte, after]),
    () => Buffer.concat([before, byte, after.subarray(1)]),
    () => Buffer.concat([before, after.subarray(1)]),
    () => Buffer.concat([before, after.subarray(0, 1), after]),
  ])()
}

function split(roll: Roll, bytes: Buffer): Buffer[] {
  const cuts = Array.from({ length: roll(3) }, () => roll(bytes.length + 1))
  const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
  return places
    .map((place, index) => bytes.subarray(place, places[index + 1] ?? bytes.length))
    .filter((piece) => piece.length > 0)
}

/** Up to four requests, in pieces that are cut anywhere, or between requests. */
export function byteStream(roll: Roll): ByteStream {
  const requests = Array.from({ length: 1 + roll(pick(roll, [1, 1, 4])) }, () => request(roll))
  let bytes: Buffer[] = requests.map((text) => Buffer.from(text, 'latin1'))
  if (once(roll, 12)) bytes = [damage(roll, Buffer.concat(bytes))]
  if (once(roll, 20)) bytes = [Buffer.concat(bytes).subarray(0, roll(400))]
  // Pipelined, one after the other, or cut anywhere.
  const pieces = pick(roll, [
    () => [Buffer.concat(bytes)],
    () => bytes,
    () => split(roll, Buffer.concat(bytes)),
    () => bytes.flatMap((one) => split(roll, one)),
  ])()
  return { pieces: pieces.filter((piece) => piece.length > 0), isPatient: !once(roll, 4) }
}
