import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

import { ParleyError } from '#base/kernel'

const IV_BYTES = 12
const TAG_BYTES = 16

/** Encrypts what the database must not know in clear. */
export interface SecretsBox {
  /** AES-256-GCM. `context` says what the text is and whose; opening needs the same. */
  seal(text: string, context: string): string
  /** @throws `secret_unreadable` when the text was sealed with another key or for another context */
  open(sealed: string, context: string): string
  /** A keyed fingerprint of a random secret, for comparing without keeping it. */
  digest(text: string): string
}

export function secretsBox(key: Buffer): SecretsBox {
  const sealingKey = Buffer.from(hkdfSync('sha256', key, '', 'parley seal', 32))
  const digestKey = Buffer.from(hkdfSync('sha256', key, '', 'parley digest', 32))
  return {
    seal(text, context) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', sealingKey, iv).setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return `v1.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`
    },
    open(sealed, context) {
      try {
        return decrypted(sealed, context)
      } catch (cause) {
        const message = `What is kept as "${context}" cannot be decrypted: it was sealed with another key, or for another account`
        throw new ParleyError('secret_unreadable', message, { cause })
      }
    },
    digest: (text) => createHmac('sha256', digestKey).update(text).digest('base64url'),
  }

  function decrypted(sealed: string, context: string): string {
    const bytes = Buffer.from(sealed.slice('v1.'.length), 'base64url')
    const decipher = createDecipheriv('aes-256-gcm', sealingKey, bytes.subarray(0, IV_BYTES))
      .setAAD(Buffer.from(context))
      .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
    return (
      decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') +
      decipher.final('utf8')
    )
  }
}
