/** The host and port that a client wrote into its request. */
export interface AskedHost {
  /** Without port; an IPv6 address in brackets. */
  host: string
  /** Absent when it is the scheme's default. */
  port: string | undefined
}

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]{0,252})?)(?::(\d{1,5}))?$/

/** `undefined` for a header that is no host: the host becomes part of addresses that clients call. */
export function readHost(header: string | undefined, encrypted: boolean): AskedHost | undefined {
  const [, host, port] = HOST.exec((header ?? '').toLowerCase()) ?? []
  if (host === undefined) return undefined
  return { host, port: port === (encrypted ? '443' : '80') ? undefined : port }
}

/** The operator's own address of this server, where it is one of TLS at the host that was asked. */
export function publicHost(
  publicUrl: string | undefined,
  asked: Pick<AskedHost, 'host'>,
): AskedHost | undefined {
  if (publicUrl === undefined) return undefined
  const { protocol, hostname, port } = new URL(publicUrl)
  if (protocol !== 'https:' || hostname !== asked.host) return undefined
  return { host: hostname, port: port === '' ? undefined : port }
}

export function isAddress(host: string): boolean {
  return host.startsWith('[') || /^\d+(\.\d+){3}$/.test(host)
}
