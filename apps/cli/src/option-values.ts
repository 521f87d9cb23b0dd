import { InvalidArgumentError } from 'commander'

/** The value of an option that names a server. @throws an `InvalidArgumentError` with its rule */
export function serverAddress(given: string): string {
  const { protocol } = URL.parse(given) ?? {}
  if (protocol === 'http:' || protocol === 'https:') return given
  throw new InvalidArgumentError(
    'It must be the address of the server, such as http://127.0.0.1:4800.',
  )
}

/** The value of an option that counts. @throws an `InvalidArgumentError` with its rule */
export function count(given: string): number {
  const read = Number(given)
  if (/^\d+$/.test(given) && read > 0) return read
  throw new InvalidArgumentError('It must be a whole number, 1 or more.')
}

/** The value of an option that names a port. @throws an `InvalidArgumentError` with its rule */
export function port(given: string): number {
  const read = Number(given)
  if (/^\d+$/.test(given) && read >= 1 && read <= 65_535) return read
  throw new InvalidArgumentError('It must be a port, a whole number from 1 to 65535.')
}
