import { createPrivateKey, X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import type { Identity } from './certificate.ts'

const BEGIN = '-----BEGIN '

/** What is wrong with a certificate, in words for whoever has put it there: OpenSSL names its own functions. */
export function certificateFlaw(pem: string): string | undefined {
  return flawOf(pem, 'CERTIFICATE', () => new X509Certificate(pem))
}

/** The same of a private key. */
export function keyFlaw(pem: string): string | undefined {
  return flawOf(pem, 'PRIVATE KEY', () => createPrivateKey(pem))
}

/** Whether a key belongs to a certificate; both can be read. */
export function isPair({ certificate, key }: Identity): boolean {
  return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))
}

/** What is wrong with the whole chain of a certificate that has this key. */
export function chainFlaw({ certificate, key }: Identity): string | undefined {
  try {
    createSecureContext({ cert: certificate, key })
    return undefined
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return /TOO_(SMALL|WEAK)/.test(code)
      ? 'TLS takes no keys as short, or signatures as weak, as these'
      : 'one of its certificates cannot be read'
  }
}

function flawOf(pem: string, kind: string, read: () => unknown): string | undefined {
  const kinds = pem
    .split('\n')
    .filter((line) => line.startsWith(BEGIN))
    .map((line) => line.slice(BEGIN.length).replace(/-.*/, ''))
  if (kinds.length === 0) return `there is no line that begins with ${BEGIN.trim()}`
  if (!kinds.some((found) => found.endsWith(kind))) return `it holds ${kinds.join(', ')}`
  try {
    read()
    return undefined
  } catch {
    return pem.includes('ENCRYPTED') ? 'it has a password' : 'what it holds cannot be read'
  }
}
