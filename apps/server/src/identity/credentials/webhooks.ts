import { createHmac } from 'node:crypto'
import { isIP } from 'node:net'
import type { Webhook } from '@parley/contract'
import { isPublicAddress } from '#base/http'
import { conflicting, invalid } from '#base/kernel'
import type { CredentialsDeps } from './deps.ts'

/** Of an application that has a webhook. */
interface Owner {
  scopes: readonly string[]
  isSealed: boolean
}

/**
 * Refuses a webhook that could not be called, or not be signed. What a name leads to is looked up at each call.
 * @throws `invalid_request` naming the member, `conflict` for an application whose secret is not known
 */
export function requireWebhook(
  { egressPrivate }: { egressPrivate: readonly string[] },
  { url }: Webhook,
  { scopes, isSealed }: Owner,
): void {
  const { protocol, hostname, port } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const target = `${host}:${port || (protocol === 'https:' ? 443 : 80)}`
  const isListed = egressPrivate.includes(target)
  if (!isListed && isIP(host) !== 0 && !isPublicAddress(host)) {
    throw invalid('body.webhook.url', `${host} is a private or local address`)
  }
  if (!isListed && protocol !== 'https:') {
    throw invalid('body.webhook.url', 'must begin with https://')
  }
  if (!scopes.includes('msg.consumer')) {
    throw invalid('body.webhook', 'the application needs the scope msg.consumer')
  }
  if (!isSealed) {
    throw conflicting(
      'body.webhook',
      'the secret of this application was made by version 0.1.0, which could not sign; make a new one first, by POST …/clients/{clientId}/secret',
    )
  }
}

/** Where an application is told of its conversations. */
interface SignedWebhook extends Webhook {
  /** Of a body, as published: `sha1=` and the base64 of its HMAC with the secret. */
  signatureOf(body: string): string
}

/** `undefined` when the application has no webhook, is gone or may no longer act for consumers. */
export async function findWebhook(
  deps: CredentialsDeps,
  accountId: string,
  clientId: string,
): Promise<SignedWebhook | undefined> {
  const client = (await deps.snapshots.get(accountId)).clients.get(clientId)
  const { secret, webhook } = client ?? {}
  if (!secret || !webhook || !client?.scopes.includes('msg.consumer')) return undefined
  return {
    ...webhook,
    signatureOf: (body) => `sha1=${createHmac('sha1', secret()).update(body).digest('base64')}`,
  }
}
