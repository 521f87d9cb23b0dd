// A library that `@peculiar/x509` wants to find in place.
import 'reflect-metadata'
import { createPrivateKey, createPublicKey, type KeyObject, randomBytes } from 'node:crypto'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { nameConstraints, permits } from './name-constraints.ts'
import type { Territory } from './territory.ts'

/** A certificate and its private key, both as PEM. */
export interface Identity {
  certificate: string
  key: string
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const DAY_MS = 86_400_000
const NAME_CONSTRAINTS = '2.5.29.30'
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1'

/** Clocks of clients are not exactly ours. */
const HEAD_START_MS = DAY_MS

function validity(now: number, days: number) {
  return {
    notBefore: new Date(now - HEAD_START_MS),
    notAfter: new Date(now + days * DAY_MS),
  }
}

function newKeys() {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
}

/** Positive, and not guessable. */
const serialNumber = () => `4${randomBytes(15).toString('hex')}`

async function pemOf(key: CryptoKey): Promise<string> {
  const bytes = await crypto.subtle.exportKey('pkcs8', key)
  const parsed: KeyObject = createPrivateKey({
    key: Buffer.from(bytes),
    format: 'der',
    type: 'pkcs8',
  })
  return parsed.export({ format: 'pem', type: 'pkcs8' }).toString()
}

/** The keys that an identity has. */
async function keysOf({ key }: Identity) {
  const kept = createPrivateKey(key)
  const privateKey = new Uint8Array(kept.export({ format: 'der', type: 'pkcs8' }))
  const publicKey = new Uint8Array(createPublicKey(kept).export({ format: 'der', type: 'spki' }))
  const { subtle } = crypto
  return {
    privateKey: await subtle.importKey('pkcs8', privateKey, ALGORITHM, true, ['sign']),
    publicKey: await subtle.importKey('spki', publicKey, ALGORITHM, true, ['verify']),
  }
}

/**
 * An authority that may sign only names of its territory.
 * @param former one whose key it keeps: who trusts that one goes on trusting what both may sign
 */
export async function makeAuthority(
  now: number,
  name: string,
  territory: Territory,
  former?: Identity,
): Promise<Identity> {
  const keys = await (former ? keysOf(former) : newKeys())
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=${name}`,
    ...validity(now, 3650),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      new Extension(NAME_CONSTRAINTS, true, new Uint8Array(nameConstraints(territory))),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { certificate: certificate.toString('pem'), key: await pemOf(keys.privateKey) }
}

/** Whether an authority of ours may sign for all of a territory. */
export function maySign({ certificate }: Identity, territory: Territory): boolean {
  const constraints = new X509Certificate(certificate).getExtension(NAME_CONSTRAINTS)
  return constraints !== null && permits(constraints.value, territory)
}

export interface LeafNames {
  domains: readonly string[]
  addresses: readonly string[]
}

/** A server's certificate, signed by an authority of ours. Browsers accept no longer life than this. */
export async function makeLeaf(
  now: number,
  authority: Identity,
  { domains, addresses }: LeafNames,
): Promise<Identity> {
  const issuer = new X509Certificate(authority.certificate)
  const der = createPrivateKey(authority.key).export({ format: 'der', type: 'pkcs8' })
  const signingKey = await crypto.subtle.importKey('pkcs8', new Uint8Array(der), ALGORITHM, false, [
    'sign',
  ])
  const keys = await newKeys()
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    issuer: issuer.subject,
    subject: `CN=${domains[0] ?? addresses[0]}`,
    ...validity(now, 396),
    signingAlgorithm: ALGORITHM,
    signingKey,
    publicKey: keys.publicKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([SERVER_AUTHENTICATION]),
      new SubjectAlternativeNameExtension([
        ...domains.map((value) => ({ type: 'dns' as const, value })),
        ...addresses.map((value) => ({ type: 'ip' as const, value })),
      ]),
      await AuthorityKeyIdentifierExtension.create(issuer),
    ],
  })
  return { certificate: certificate.toString('pem'), key: await pemOf(keys.privateKey) }
}
