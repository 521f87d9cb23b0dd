import type { FunctionConnections, Http, ListenOptions } from '#base/http'
import type { Tls } from '#base/tls'
import type { Config } from '#config'
import { describePortError } from '#server/first-steps'

const LOOPBACK = '127.0.0.1'

/** The ports that were taken: those of the settings, or free ones where the settings say 0. */
export interface Ports {
  http: number
  tls: number
  /** For functions in the sandbox. */
  internal: number
}

/** @throws an `Error` that names the setting of a port that is in use */
export async function listen(
  http: Http,
  { host, port, tlsPort }: Config,
  { options: tls }: Tls,
): Promise<Ports> {
  return {
    http: await listenOn(http, { host, port }, 'PARLEY_PORT'),
    tls: await listenOn(http, { host, port: tlsPort, tls }, 'PARLEY_TLS_PORT'),
    internal: (await http.listen({ host: LOOPBACK, port: 0, tls, internal: true })).port,
  }
}

async function listenOn(http: Http, options: ListenOptions, setting: string): Promise<number> {
  try {
    return (await http.listen(options)).port
  } catch (cause) {
    const { host, port } = options
    throw new Error(`Cannot start:\n  ${describePortError(cause, setting, host, port)}`, { cause })
  }
}

/** Where functions reach this server, once it listens. */
export function ownListener(
  ports: Ports,
  tls: Pick<Tls, 'vendorAuthority'>,
  { connected }: FunctionConnections,
) {
  return () =>
    ports.internal
      ? { host: LOOPBACK, port: ports.internal, ca: tls.vendorAuthority, connected }
      : undefined
}
