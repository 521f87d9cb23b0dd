import { createSocket } from 'node:dgram'
import { isIPv4 } from 'node:net'

const TYPES = { 1: isIPv4, 28: (address: string) => !isIPv4(address) }
const NO_SUCH_NAME = 3

/** What a name server says of a name: its addresses, that there is none, or nothing at all. */
type Said = readonly string[] | 'no such name' | 'silent'

export interface NameServer extends AsyncDisposable {
  /** `127.0.0.1:port` */
  address: string
  /** Every question, as `A name` or `AAAA name`. */
  asked: string[]
}

/** A name server on loopback. */
export async function startNameServer(
  say: (name: string, type: 'A' | 'AAAA') => Said,
  ttlSeconds = 0,
): Promise<NameServer> {
  const socket = createSocket('udp4')
  const asked: string[] = []
  socket.on('message', (question, from) => {
    const { end, name, type } = readQuestion(question)
    const kind = type === 1 ? 'A' : 'AAAA'
    asked.push(`${kind} ${name}`)
    const said = say(name, kind)
    if (said === 'silent') return
    const isOfType = TYPES[type as 1 | 28]
    const addresses = said === 'no such name' ? [] : said.filter(isOfType)
    const head = Buffer.from(question.subarray(0, 12))
    // An answer of an authority that also asks others.
    head.writeUInt16BE(0x8580 | (said === 'no such name' ? NO_SUCH_NAME : 0), 2)
    head.writeUInt16BE(addresses.length, 6)
    head.writeUInt32BE(0, 8)
    const records = addresses.map((address) => record(type, ttlSeconds, address))
    socket.send(
      Buffer.concat([head, question.subarray(12, end), ...records]),
      from.port,
      from.address,
    )
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(resolve)),
  }
}

function readQuestion(bytes: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = bytes[at] ?? 0; length > 0; length = bytes[at] ?? 0) {
    labels.push(bytes.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), type: bytes.readUInt16BE(at + 1), end: at + 5 }
}

/** The name of a record is a pointer to that of the question. */
function record(type: number, ttlSeconds: number, address: string): Buffer {
  const bytes = isIPv4(address) ? address.split('.').map(Number) : ipv6Bytes(address)
  const head = Buffer.alloc(12)
  head.writeUInt16BE(0xc00c, 0)
  head.writeUInt16BE(type, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt32BE(ttlSeconds, 6)
  head.writeUInt16BE(bytes.length, 10)
  return Buffer.concat([head, Buffer.from(bytes)])
}

function ipv6Bytes(address: string): number[] {
  const [front = '', back = ''] = address.split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':')).map((g) => parseInt(g, 16))
  const [first, last] = [groups(front), groups(back)]
  const middle = Array.from({ length: 8 - first.length - last.length }, () => 0)
  return [...first, ...middle, ...last].flatMap((group) => [group >> 8, group & 255])
}
