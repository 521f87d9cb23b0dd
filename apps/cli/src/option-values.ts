import { AllowedHost } from '@parley/contract'
import { InvalidArgumentError } from 'commander'

/** The value of an option that names a server. @throws an `InvalidArgumentError` with its rule */
export function serverAddress(given: string): string {
  const { protocol } = URL.parse(given) ?? {}
  if (protocol === 'http:' || protocol === 'https:') return given
  throw new InvalidArgumentError(
    'It must be the address of the server, such as http://127.0.0.1:4800.',
  )
}

/** Collects the hosts of an option that may be repeated, as a server has them. @throws an `InvalidArgumentError` with its rule */
export function collectHosts(given: string, before: string[] = []): string[] {
  const host = AllowedHost.safeParse(given)
  if (host.success) return [...before, host.data]
  throw new InvalidArgumentError(`It ${host.error.issues[0]?.message}.`)
}

/** The value of an option that counts. @throws an `InvalidArgumentError` with its rule */
export function count(given: string): number {
  const read = Number(given)
  if (/^\d+$/.test(given) && read > 0) return read
  throw new InvalidArgumentError('It must be a whole number, 1 or more.')
}

const PORT_RULE = 'a port, a whole number from 1 to 65535'

/** The value of an option that names a port. @throws an `InvalidArgumentError` with its rule */
export function port(given: string): number {
  const read = readPort(given)
  if (read !== undefined) return read
  throw new InvalidArgumentError(`It must be ${PORT_RULE}.`)
}

/** The port that a setting of the environment names. @throws an `Error` with the setting, its value and its rule */
export function portOf(
  env: NodeJS.ProcessEnv,
  setting: 'PARLEY_PORT' | 'PARLEY_TLS_PORT',
  usual: number,
): number {
  const given = env[setting]
  if (!given) return usual
  const read = readPort(given)
  if (read !== undefined) return read
  throw new Error(`${setting}=${given}: must be ${PORT_RULE}`)
}

function readPort(given: string): number | undefined {
  const read = Number(given)
  return /^\d+$/.test(given) && read >= 1 && read <= 65_535 ? read : undefined
}
