import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { type Logger, messageOf } from '#base/kernel'
import type { Identity } from './certificate.ts'
import { certificateFlaw, chainFlaw, isPair, keyFlaw } from './pem-flaw.ts'

/** The user's own certificate, for every name that is not the vendor's. */
export interface OwnCertificate {
  /** Where it is, as the settings say. */
  path: string
  read(): Promise<Identity>
  /** The host for which clients ask, where the settings say one. */
  host: string | undefined
}

const SOON_MS = 7 * 86_400_000

/** Reads the user's own certificate, and says what is wrong with it: each thing once. */
export function ownReader(
  logger: Logger,
  { path, read, host }: OwnCertificate,
): (now: number, current?: Identity) => Promise<Identity> {
  let said: string | undefined
  function say(problem: string | undefined): void {
    if (problem !== undefined && problem !== said) {
      logger.warn(`PARLEY_TLS_CERT=${path}: ${problem}`)
    }
    said = problem
  }

  return async (now, current) => {
    try {
      const found = await read()
      const isNew = found.certificate !== current?.certificate || found.key !== current.key
      if (current && isNew) {
        checkPair(found)
        logger.info(
          `PARLEY_TLS_CERT=${path}: it was replaced, and serves new connections from now on`,
        )
      }
      say(problemOf(now, found, host))
      return found
    } catch (error) {
      // The start has tried it: later it may be replaced at this moment.
      if (!current) throw error
      say(`what is there now cannot be used, so the former one goes on: ${messageOf(error)}`)
      return current
    }
  }
}

function checkPair(found: Identity): void {
  const { certificate, key } = found
  const ofKey = keyFlaw(key)
  const flaw =
    certificateFlaw(certificate) ??
    (ofKey && `PARLEY_TLS_KEY is not a private key in PEM without a password: ${ofKey}`) ??
    (isPair(found) ? chainFlaw(found) : 'PARLEY_TLS_KEY is not its key')
  if (flaw !== undefined) throw new Error(flaw)
}

function problemOf(
  now: number,
  { certificate }: Identity,
  host: string | undefined,
): string | undefined {
  const read = new X509Certificate(certificate)
  const [from, to] = [read.validFromDate, read.validToDate]
  const remedy = 'put a new one in its place, which is read within the hour'
  if (to.getTime() <= now) return `it has expired on ${to.toISOString()}: ${remedy}`
  if (from.getTime() > now) return `it is not valid before ${from.toISOString()}: ${remedy}`
  if (host !== undefined && !isFor(read, host)) {
    return `it is not for ${host}, the host of PARLEY_PUBLIC_URL: ${remedy}`
  }
  if (to.getTime() - now <= SOON_MS) return `it expires on ${to.toISOString()}: ${remedy}`
  return undefined
}

function isFor(certificate: X509Certificate, host: string): boolean {
  return (isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host)) !== undefined
}
