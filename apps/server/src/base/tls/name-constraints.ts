/** Names that an authority may sign for. A domain stands for itself and everything below it. */
export interface Territory {
  domains: readonly string[]
  /** As address and mask; empty forbids every address. */
  addresses: readonly (readonly [address: number[], mask: number[]])[]
}

/** One element of DER: tag, length, content. */
function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  const { length } = content
  const head =
    length < 128
      ? [tag, length]
      : length < 256
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from(head), content])
}

const SEQUENCE = 0x30
const PERMITTED = 0xa0
const EXCLUDED = 0xa1
const DNS_NAME = 0x82
const IP_ADDRESS = 0x87

const subtree = (tag: number, content: Buffer) => der(SEQUENCE, der(tag, content))
const network = (bytes: number[]) => subtree(IP_ADDRESS, Buffer.from(bytes))

/** The value of the name constraints extension (RFC 5280, 4.2.1.10). */
export function nameConstraints({ domains, addresses }: Territory): Buffer {
  const permitted = [
    ...domains.map((domain) => subtree(DNS_NAME, Buffer.from(domain))),
    ...addresses.map(([address, mask]) => network([...address, ...mask])),
  ]
  // A kind of name that is not mentioned at all would be allowed without limits.
  const everyAddress = [network(Array(8).fill(0)), network(Array(32).fill(0))]
  return der(
    SEQUENCE,
    der(PERMITTED, ...permitted),
    ...(addresses.length === 0 ? [der(EXCLUDED, ...everyAddress)] : []),
  )
}

/** Whether `name` is one of the domains or below one. */
export function isWithin(domains: readonly string[], name: string): boolean {
  return domains.some((domain) => name === domain || name.endsWith(`.${domain}`))
}
