import { randomUUID, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { alone } from '#base/kernel'
import type { Identity } from './certificate.ts'
import { certificateFlaw, isPair, keyFlaw } from './pem-flaw.ts'

const RENEW_BEFORE_MS = 30 * 86_400_000

export function isFresh(now: number, { certificate }: Identity): boolean {
  const { validFromDate } = new X509Certificate(certificate)
  return validFromDate.getTime() <= now && now < renewAt({ certificate })
}

/** When it is to be made anew, so that nobody meets one that has expired. */
export function renewAt({ certificate }: Pick<Identity, 'certificate'>): number {
  return new X509Certificate(certificate).validToDate.getTime() - RENEW_BEFORE_MS
}

/** Whether a certificate names all of them. */
export function hasNames(
  { certificate }: Identity,
  { domains, addresses }: { domains: readonly string[]; addresses: readonly string[] },
): boolean {
  const read = new X509Certificate(certificate)
  return (
    domains.every((name) => read.checkHost(name) !== undefined) &&
    addresses.every((address) => read.checkIP(address) !== undefined)
  )
}

/** Whole or not at all: a crash must not leave half a key. */
function writeWhole(file: string, content: string, mode: number): void {
  // Servers that start at once in one folder must not take each other's.
  const written = `${file}.${randomUUID()}.new`
  writeFileSync(written, content, { mode })
  renameSync(written, file)
}

interface Kept {
  identity: Identity
  isFresh: boolean
}

function readKept(certificateFile: string, keyFile: string, now: number): Kept | undefined {
  if (!existsSync(certificateFile) || !existsSync(keyFile)) return undefined
  const identity = {
    certificate: readFileSync(certificateFile, 'utf8'),
    key: readFileSync(keyFile, 'utf8'),
  }
  const flaw =
    flawIn(certificateFile, certificateFlaw(identity.certificate)) ??
    flawIn(keyFile, keyFlaw(identity.key)) ??
    flawIn(certificateFile, isPair(identity) ? undefined : `${keyFile} is not its key`)
  if (flaw !== undefined) throw new Error(flaw)
  return { identity, isFresh: isFresh(now, identity) }
}

function flawIn(file: string, flaw: string | undefined): string | undefined {
  return (
    flaw &&
    `Cannot use ${file}: ${flaw}; put the right one back, or remove it to have a new one made`
  )
}

/** An identity in two files, `<path>.pem` and `<path>.key`; made anew when it is missing, near its end, or does not fit. */
export async function keptIdentity(
  now: number,
  path: string,
  make: (former?: Identity) => Promise<Identity>,
  fits: (kept: Identity) => boolean | Promise<boolean> = () => true,
): Promise<Identity> {
  const [certificateFile, keyFile] = [`${path}.pem`, `${path}.key`]
  // What cannot be used may just be being written: it is read again below, when nobody writes.
  const kept = await findGood().catch(() => undefined)
  if (kept) return kept
  // Nodes that share the folder find it missing at the same moment: the first one makes it for all.
  return await alone(`${path}.lock`, async () => (await findGood()) ?? (await makeAnew()))

  async function findGood(): Promise<Identity | undefined> {
    const kept = readKept(certificateFile, keyFile, now)
    return kept?.isFresh && (await fits(kept.identity)) ? kept.identity : undefined
  }

  async function makeAnew(): Promise<Identity> {
    const former = readKept(certificateFile, keyFile, now)?.identity
    const made = await make(former)
    // A kill between the two must leave no certificate beside the key of another one.
    if (former?.key !== made.key) rmSync(certificateFile, { force: true })
    writeWhole(keyFile, made.key, 0o600)
    writeWhole(certificateFile, made.certificate, 0o644)
    return made
  }
}
